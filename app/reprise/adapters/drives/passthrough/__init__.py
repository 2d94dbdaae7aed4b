"""Commands given to a drive through the kernel, on the very descriptor that was identified."""
