"""How long this server keeps what it may drop, and what it never drops."""
