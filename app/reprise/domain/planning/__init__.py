"""What may be done to a drive, and what is planned."""
