"""File systems as bytes: how full they are, and which system is on them. Nothing is ever written,
mounted or replayed. All of it may come from a stranger's drive: whatever does not fit raises
ValueError, and nothing loops."""
