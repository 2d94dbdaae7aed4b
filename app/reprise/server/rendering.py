"""Templates: French and English, everything escaped, no script and nothing from elsewhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reprise import __version__, i18n, wording
from reprise.server.places import TEMPLATES
from reprise.server.reports.badges import outcome_badge
from reprise.server.spoken import asked_language


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
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


def page(request: HttpRequest, template: str, status: int = 200, **values: Any) -> HttpResponse:
    """Render one page. `link(path, **query)` keeps the language that the reader chose."""
    asked = asked_language(request.META.get("QUERY_STRING", ""))

    def link(path: str, **query: object) -> str:
        pairs = {name: value for name, value in query.items() if value not in (None, "")}
        if asked is not None:
            pairs.setdefault("lang", asked)
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def in_language(lang: str) -> str:
        # one slash and no raw backslash or tab: a browser would take the rest for a host
        here = quote(request.path.lstrip("/"))
        asked_for = request.GET.copy()
        asked_for["lang"] = lang
        return f"/{here}?{asked_for.urlencode()}"

    html = _ENVIRONMENT.get_template(template).render(
        **{"query": "", **values}, link=link, in_language=in_language, asked=asked
    )
    return HttpResponse(html, status=status)
