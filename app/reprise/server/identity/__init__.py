"""Who this server is: the key that it signs with."""
