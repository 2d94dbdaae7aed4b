"""The station's screen: Textual on the Linux console, by keyboard or mouse, 16 colours."""
