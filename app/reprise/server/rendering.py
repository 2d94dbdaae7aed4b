"""Templates: French and English, everything escaped, no script and nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reprise import __version__, i18n, wording
from reprise.server.demo.mark import is_demonstration
from reprise.server.fields import drawn
from reprise.server.menu import is_here, menu
from reprise.server.people.instance import nobody_is_here
from reprise.server.people.mail import sends_mail
from reprise.server.people.scope import Right
from reprise.server.people.walls import SHOWN, Standing, standing_of
from reprise.server.people.words import action_word, right_word, role_means, role_word
from reprise.server.places import TEMPLATES
from reprise.server.reports.badges import drive_badge, outcome_badge
from reprise.server.settings import in_force
from reprise.server.spoken import asked_language

_SILENT = "reprise_silent"


def environment(**_options: Any) -> Environment:
    """As Django's Jinja2 backend asks for it; what it would set is set here."""
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
        version=__version__,
        wording=wording,
        language=i18n.language,
        outcome_badge=outcome_badge,
        drive_badge=drive_badge,
        Right=Right,
        roles=role_word,
        role_means=role_means,
        rights=right_word,
        actions=action_word,
        nobody=nobody_is_here,
        provider=_provider,
        sends_mail=sends_mail,
        drawn=drawn,
        menu=menu,
        here=is_here,
        demonstration=is_demonstration,
    )
    return environment


def _provider() -> str:
    """The name of the one that people log in at; "": there is none."""
    openid = in_force().openid
    return openid.name if openid.url else ""


def asked_page(request: HttpRequest) -> int:
    """Which page of a list its address asks for (?page=2)."""
    wanted = request.GET.get("page", "1")
    return int(wanted) if wanted.isdecimal() and len(wanted) < 8 else 1


def common(request: HttpRequest) -> dict[str, Any]:
    """What every page knows. `link(path, **query)` keeps the language that the reader chose."""
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

    silent = hasattr(request, _SILENT) or not hasattr(request, "user")
    standing = None if silent else standing_of(request)
    zone = standing.here.time_zone if standing and standing.here else "UTC"
    return {
        "csrf_input": _in_each_form(request, standing),  # Django's own is the first half
        "link": link,
        "in_language": in_language,
        "asked": asked,
        "path": request.path,
        "standing": standing,
        "messages": () if silent else get_messages(request),
        "when": local_moment(zone),
        "other_day": _other_day(ZoneInfo(zone)),
        "zone": zone,
    }


def _form_fields(request: HttpRequest, standing: Standing | None) -> str:
    """Which form was sent: one of ours, and of which organisation's page (see walls.wall)."""
    hidden = '<input type="hidden" name="{}" value="{}">'
    token = format_html(hidden, "csrfmiddlewaretoken", get_token(request))
    if standing is None or standing.here is None:
        return token
    return token + format_html(hidden, SHOWN, standing.here.organisation)


_in_each_form = lazy(_form_fields, SafeString, str)  # a page without a form sets no cookie


def ask_nothing_more(request: HttpRequest) -> None:
    """The database is away: what is rendered for this request does without it."""
    setattr(request, _SILENT, True)


def local_moment(zone: str) -> Callable[[datetime | str | None], str]:
    """A moment as people of that zone say it. None, "": unknown."""
    here = ZoneInfo(zone)

    def said(moment: datetime | str | None) -> str:
        when = datetime.fromisoformat(moment) if isinstance(moment, str) and moment else moment
        there = _in_zone(when, here) if isinstance(when, datetime) else None
        return wording.moment(there.replace(tzinfo=None).isoformat() if there else None)

    return said


def _in_zone(moment: datetime, here: ZoneInfo) -> datetime | None:
    """None: it is out of all years there."""
    try:
        return moment.astimezone(here)
    except OverflowError:
        return None


def _other_day(here: ZoneInfo) -> Callable[[datetime | None, datetime | None], bool]:
    """Whether two moments are of different days there. None: unknown."""

    def day(moment: datetime | None) -> date | None:
        there = _in_zone(moment, here) if moment else None
        return there.date() if there else None

    return lambda one, other: day(one) != day(other)


def page(request: HttpRequest, template: str, status: int = 200, **values: Any) -> HttpResponse:
    """Render one page."""
    return render(request, template, values, status=status)
