"""A network card in a row: which it is, how it stands, its address."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.tui.drawing import paint
from reprise.tui.drawing.glyphs import DOT
from reprise.wording import network as words
from reprise_common.network import Link, LinkState

_NAME, _KIND, _SSID = 16, 10, 24  # cells; a card's name in Linux has fifteen characters at most
_STYLES = {
    LinkState.UP: paint.GOOD,
    LinkState.UNPLUGGED: paint.WARN,
    LinkState.NO_DRIVER: paint.BAD,
    LinkState.NO_FIRMWARE: paint.BAD,
    LinkState.CONNECTING: paint.WARN,
}


def link_rows(link: Link, width: int) -> Iterator[paint.Text]:
    """A second row for the name of a firmware file."""
    room = width - _NAME - _KIND
    how = words.quoted(paint.shortened(link.ssid, _SSID)) if link.ssid else words.link_state(link)
    address = "".join(f" {DOT} {first}" for first in link.addresses[:1])
    yield paint.line(
        (f"{link.name:<{_NAME}}", paint.STRONG),
        f"{words.LINK_KINDS[link.kind]:<{_KIND}}",
        (paint.shortened(how, room), _STYLES.get(link.state, paint.PLAIN)),
        paint.shortened(address, max(room - len(how), 1)) if address else "",
    )
    if link.detail:
        detail = paint.shortened(link.detail, room)
        yield paint.line(" " * (_NAME + _KIND), (detail, paint.FAINT))
