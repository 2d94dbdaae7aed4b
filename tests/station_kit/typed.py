"""A screen's text as a keyboard types it, so that tests can."""


def typed(text: str) -> str:
    """Tests write neither typographic apostrophes nor no-break spaces."""
    return text.replace("\u2019", "'").replace("\u00a0", " ")
