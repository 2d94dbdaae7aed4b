"""The process that listens: it takes reports in by itself, and hands all else to the pages."""
