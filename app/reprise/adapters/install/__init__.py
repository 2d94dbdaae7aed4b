"""The installer's parts: the images, the drive's layout, the new system, its boot loaders."""
