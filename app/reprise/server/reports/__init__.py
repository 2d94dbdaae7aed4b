"""Signed reports: taking them in, judging them, keeping their bytes, and showing them."""
