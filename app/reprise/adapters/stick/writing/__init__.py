"""A new stick from an ISO: the image as a file, its copy, the settings, and their order."""
