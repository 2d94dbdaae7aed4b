"""One PC's session: its state, and what happens in which order."""
