"""Drives: what they can do, the commands given to them, and every byte written to or read from
them."""
