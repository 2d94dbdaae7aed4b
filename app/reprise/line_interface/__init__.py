"""The flow in plain lines, for speech, braille and serial lines: no box, no cursor movement."""
