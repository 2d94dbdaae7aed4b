"""Reports on their way to the server."""
