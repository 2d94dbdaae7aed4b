"""Files that the server keeps beside its database: in a folder, or in a store that speaks S3. Each
is named by the SHA-256 of its bytes. What cannot be made again is in the database alone."""
