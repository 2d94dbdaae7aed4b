"""What a sheet of the screen may use of the PC it runs on, a Protocol each. Nothing of the erasure:
that is the engine's (workflow.engine.port)."""
