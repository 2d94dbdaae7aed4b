"""Codes with which stations enrol by themselves, once each."""
