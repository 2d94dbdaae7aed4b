"""Templates: French and English, everything escaped, no script and nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from reprise import __version__, i18n, wording
from reprise.server.badges import outcome_badge
from reprise.server.web import asked_language

_HERE = Path(__file__).parent
STATIC = _HERE / "static"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        i18n._, i18n.ngettext, newstyle=False
    )
    environment.globals.update(
        version=__version__, wording=wording, language=i18n.language, outcome_badge=outcome_badge
    )
    return environment


_ENVIRONMENT = _environment()


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Render one page. `link(path, **query)` keeps the language that the reader chose."""
    asked = asked_language(request.url.query)

    def link(path: str, **query: object) -> str:
        pairs = {name: value for name, value in query.items() if value not in (None, "")}
        if asked is not None:
            pairs.setdefault("lang", asked)
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def in_language(lang: str) -> str:
        # one slash and no raw backslash or tab: a browser would take the rest for a host
        here = quote(request.scope["path"].lstrip("/"))
        return f"/{here}?{request.url.include_query_params(lang=lang).query}"

    html = _ENVIRONMENT.get_template(template).render(
        **{"query": "", **values}, link=link, in_language=in_language, asked=asked
    )
    return HTMLResponse(html, status)
