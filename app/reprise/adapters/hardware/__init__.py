"""Wings of the probe, one subject a file. Everything here only reads."""
