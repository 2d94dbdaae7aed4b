"""Looking after the server: is it well, a backup, a restore, an upgrade."""
