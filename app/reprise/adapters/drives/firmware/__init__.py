"""Drives that erase themselves: one procedure a technique, one witness for all."""
