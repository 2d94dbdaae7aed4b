"""The Linux console: its keyboard, letters, mouse, voice and shell."""
