"""A demonstration of the server: a year that nobody lived, and the mark that says so everywhere."""
