"""The two processes of the station: their socket, and what systemd is told."""
