"""What happened in a session, and what it came to."""
