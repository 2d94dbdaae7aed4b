"""The systems that are installed."""
