"""One file a page, or two that belong together."""
