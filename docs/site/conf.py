"""Sphinx's settings for both languages; `-D language=` says which (build.py)."""

import re
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from search import SearchFrenchBare

_ROOT = Path(__file__).resolve().parents[2]
_INIT = (_ROOT / "app" / "reprise" / "__init__.py").read_text("utf-8")
_VERSION = re.search(r'^__version__ = "(.+)"', _INIT, re.MULTILINE)

project = "Reprise"
release = _VERSION[1] if _VERSION else ""
author = "Reprise"
copyright = "Reprise, GPL-3.0-or-later"  # noqa: A001 - Sphinx's name for it
extensions = ["myst_parser"]
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
templates_path = ["templates"]

html_theme = "furo"
html_title = "Reprise"
html_static_path = ["static"]
html_css_files = ["reprise.css"]
html_use_index = False
html_domain_indices = False
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_theme_options: dict[str, Any] = {"navigation_with_keys": False, "top_of_page_buttons": []}
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/language.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}
# Commands and key names are neither Python nor anything that a highlighter knows.
highlight_language = "none"


def setup(app: Any) -> None:
    app.add_search_language(SearchFrenchBare)
    app.connect("html-page-context", _other_language)


def _other_language(
    app: Any, pagename: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    """Every page leads to itself in the other language."""
    other = {"fr": "en", "en": "fr"}[app.config.language]
    up = "../" * (pagename.count("/") + 1)
    context["other_language"] = other
    context["other_page"] = f"{up}{other}/{pagename}.html"
