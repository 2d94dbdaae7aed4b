"""Where the server's own files lie."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent
TEMPLATES = _HERE / "templates"
STATIC = _HERE / "static"
