"""The addresses for programs: put together here, answered in each subject's api.py."""
