"""A station joins a server."""
