"""The PC that the station runs on: its clock, its programs, its logs, its power."""
