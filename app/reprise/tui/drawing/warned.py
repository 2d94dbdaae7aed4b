"""A plan's warnings, in as many rows as there is room for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reprise.i18n import _
from reprise.sentences import confirm as said
from reprise.tui.drawing import paint


def _in_one(group: Sequence[str]) -> str:
    """The first one, and how many more there are."""
    return group[0] + said.more_warnings(len(group) - 1)


def _in_full(warned: Sequence[Sequence[str]], width: int) -> Iterator[paint.Text]:
    for group in warned:
        for text in group:
            yield paint.indent(paint.line((_("Warning: "), paint.WARN), text), width, 0)


def _wrapped(warned: Sequence[Sequence[str]], width: int) -> Iterator[paint.Text]:
    yield from _in_full([(_in_one(group),) for group in warned], width)


def _in_rows(warned: Sequence[Sequence[str]], width: int) -> Iterator[paint.Text]:
    for group in warned:
        label = _("Warning: ")
        more = said.more_warnings(len(group) - 1)
        text = paint.shortened(group[0], width - len(label) - len(more)) + more
        yield paint.line((label, paint.WARN), text)


# From the way that says most to the one that takes the fewest rows.
WARNED = (_in_full, _wrapped, _in_rows)
