"""Sizes, durations, numbers and dates as French and English readers expect them.

Spaces inside a number are U+00A0, not the narrow U+202F that French typography prefers: the
console's font and the documents' font have no glyph for the narrow one (decision record 0060).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import MAXYEAR, MINYEAR, UTC, datetime

from reprise.i18n import _, language, ngettext

NBSP = "\u00a0"


def printable(text: str) -> str:
    """Whoever's words they are: one line, and nothing that a terminal would obey."""
    letters = (" " if char.isspace() else char if char.isprintable() else "?" for char in text)
    return " ".join("".join(letters).split())


def _french() -> bool:
    return language() == "fr"


def number(value: int) -> str:
    """1234567 -> "1 234 567" / "1,234,567"."""
    return f"{value:,}".replace(",", NBSP if _french() else ",")


def decimal(value: float, digits: int = 1) -> str:
    """1234.56 -> "1 234,6" / "1,234.6"."""
    text = f"{value:,.{digits}f}"
    if _french():
        return text.replace(",", NBSP).replace(".", ",")
    return text


def few(told: Sequence[str], most: int) -> tuple[str, ...]:
    """The first of them; how many more there are stands behind."""
    left = len(told) - most
    if left <= 0:
        return tuple(told)
    more = ngettext("… and {count} more", "… and {count} more", left)
    return (*told[:most], more.format(count=number(left)))


def _scaled(value: float, step: int, names: tuple[str, ...]) -> str:
    scale = 0
    while value >= step and scale < len(names) - 1:
        value /= step
        scale += 1
    if round(value) >= step and scale < len(names) - 1:
        value, scale = 1, scale + 1
    if scale == 0 or round(value, 1) >= 100 or value == int(value):
        return f"{number(round(value))}{NBSP}{names[scale]}"
    return f"{decimal(value)}{NBSP}{names[scale]}"


def size(size_bytes: int) -> str:
    """Decimal, as on a drive's label: 500107862016 -> "500 Go" / "500 GB"."""
    units = ("octets", "ko", "Mo", "Go", "To") if _french() else ("bytes", "kB", "MB", "GB", "TB")
    return _scaled(size_bytes, 1000, units)


def size_binary(size_bytes: int) -> str:
    """Binary, as for memory: 8589934592 -> "8 Gio" / "8 GiB"."""
    french = ("octets", "Kio", "Mio", "Gio", "Tio")
    english = ("bytes", "KiB", "MiB", "GiB", "TiB")
    return _scaled(size_bytes, 1024, french if _french() else english)


def throughput(bytes_per_s: float) -> str:
    """ "154 Mo/s" / "154 MB/s"."""
    return f"{size(int(bytes_per_s))}/s"


def percent(part: float, whole: float) -> str:
    """Rounded down: 99.99 % never reads as 100 %. A whole of 0 gives "–"."""
    if whole <= 0:
        return "–"
    tenths = int(part * 1000 / whole)
    text = str(tenths // 10) if tenths >= 1000 or tenths % 10 == 0 else decimal(tenths / 10)
    return f"{text}{NBSP}%" if _french() else f"{text}%"


def duration(seconds: float) -> str:
    """3905 -> "1 h 05 min"; 42 -> "42 s"; 0.4 -> "less than a second"."""
    whole = int(seconds)
    if whole < 1:
        return _("less than a second")
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{number(hours)}{NBSP}h{NBSP}{minutes:02d}{NBSP}min"
    if minutes:
        return f"{minutes}{NBSP}min{NBSP}{left:02d}{NBSP}s"
    return f"{left}{NBSP}s"


# (below so many seconds, rounded to so many): nobody believes an estimate of 9 min 32 s.
_BELIEVABLE = ((10, 1), (60, 5), (1200, 60), (3600, 300), (36000, 600))
_LONG_S = 3600  # the rounding of what is longer


def about(seconds: float) -> str:
    """An estimate, rounded to what is believable: 572 -> "about 10 min", 0.4 ->
    "less than a second"."""
    if seconds < 1:
        return duration(0)
    step = next((step for below, step in _BELIEVABLE if seconds < below), _LONG_S)
    rounded = max(round(seconds / step) * step, 1)
    if rounded < 60:
        text = f"{rounded}{NBSP}s"
    elif rounded < 3600:
        text = f"{rounded // 60}{NBSP}min"
    else:
        hours, minutes = divmod(rounded // 60, 60)
        text = f"{number(hours)}{NBSP}h" + (f"{NBSP}{minutes:02d}{NBSP}min" if minutes else "")
    return _("about {time}").format(time=text)


_MONTHS = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


_EDGE_YEARS = 2  # of the calendar's two ends, which another zone would lie beyond


def date_of(iso: str) -> datetime | None:
    """Of a text that anyone may have written; every zone can say what comes back. None where it is
    no date."""
    try:
        when = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return when if MINYEAR + _EDGE_YEARS <= when.year <= MAXYEAR - _EDGE_YEARS else None


def moment(iso: str | None) -> str:
    """ISO 8601 -> "24 novembre 2026 à 16:05 UTC". What is no date comes back as it is."""
    if not iso:
        return _("unknown date")
    when = date_of(iso)
    if when is None:
        return iso
    months = _MONTHS["fr" if _french() else "en"]
    ordinal = "er" if _french() and when.day == 1 else ""
    day = f"{when.day}{ordinal}{NBSP}{months[when.month - 1]}{NBSP}{when.year}"
    if len(iso) <= len("2026-11-24"):
        return day
    if when.tzinfo is None:
        return _("{day} at {time}").format(day=day, time=f"{when:%H:%M}")
    utc = when.astimezone(UTC)
    day = f"{utc.day}{'er' if _french() and utc.day == 1 else ''}{NBSP}"
    day += f"{months[utc.month - 1]}{NBSP}{utc.year}"
    return _("{day} at {time}").format(day=day, time=f"{utc:%H:%M}{NBSP}UTC")


def short_moment(iso: str) -> str:
    """For columns: "24/11/2026 16:05", in English "2026-11-24 16:05"; UTC. What is no date comes
    back as it is."""
    when = date_of(iso)
    if when is None:
        return iso
    utc = when if when.tzinfo is None else when.astimezone(UTC)
    return f"{utc:%d/%m/%Y %H:%M}" if _french() else f"{utc:%Y-%m-%d %H:%M}"


def hour(when: datetime, now: datetime) -> str:
    """When something ends, seen from `now`: "16:05", "tomorrow at 03:10", "26 November 2026 at …".
    Both are local times."""
    days = (when.date() - now.date()).days
    if days == 0:
        return f"{when:%H:%M}"
    if days == 1:
        return _("tomorrow at {time}").format(time=f"{when:%H:%M}")
    return moment(when.replace(tzinfo=None).isoformat())


def join(parts: Iterable[str]) -> str:
    """ "a, b and c" is never needed: a list of facts is a list."""
    return ", ".join(part for part in parts if part)


def series(parts: Iterable[str]) -> str:
    """The same of sentences, which have commas of their own."""
    return _("; ").join(part for part in parts if part)
