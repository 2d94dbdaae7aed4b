"""One erasure: its states, what it writes, and how it is verified."""
