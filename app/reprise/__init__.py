"""Reprise: erase a donated PC's drives, prove it, and give the PC a second life."""

__version__ = "0.1.0"
