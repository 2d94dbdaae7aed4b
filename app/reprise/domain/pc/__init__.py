"""What a PC is made of, and what it is worth."""
