"""Papers: what is printed of a report, made once and kept."""
