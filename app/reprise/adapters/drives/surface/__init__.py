"""The surface of a drive at speed: stream, pipeline, rescue of bad sectors, comparison."""
