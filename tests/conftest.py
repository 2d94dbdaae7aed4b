"""Shared by all suites."""
