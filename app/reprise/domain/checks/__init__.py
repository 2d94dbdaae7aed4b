"""The function checks of a PC, and its grade."""
