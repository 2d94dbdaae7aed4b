"""A session's report: signed, kept, sent."""
