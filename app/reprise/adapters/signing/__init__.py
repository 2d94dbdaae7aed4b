"""Signatures, and the key of the station."""
