"""The station's screen: Textual on the Linux console, keyboard only, 16 colours."""
