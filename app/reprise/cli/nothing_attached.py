"""--nothing-attached: an operator's word about storage that cannot be reached."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from reprise import wording
from reprise.domain.drives.open_storage import open_reasons
from reprise.domain.drives.unreached import Statement, StorageLooked, StorageStated
from reprise.domain.pc.hardware import Inventory
from reprise.errors import InputError
from reprise.i18n import _


def add_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--nothing-attached",
        metavar=_("ADDRESS"),
        action="append",
        default=[],
        help=_(
            "you have looked, and nothing is attached to this controller but the drives "
            "listed; the report says that this is your statement (may be given several "
            "times)"
        ),
    )


def events(addresses: Sequence[str], inventory: Inventory, by: str) -> tuple[StorageStated, ...]:
    """Raises InputError where nobody asks about an address, or where a drive was seen there."""
    places = {place.where: place for place in inventory.unreached}
    for where in addresses:
        if where not in places:
            raise InputError(
                _("Nothing needs to be stated about “{where}”.").format(where=where),
                _("“reprise plan” names the controllers that may hide drives."),
            )
        if not places[where].statable:
            raise InputError(
                _("A drive was seen at “{where}”: no word can rule it out.").format(where=where)
            )
    return tuple(StorageStated(places[where], by) for where in dict.fromkeys(addresses))


def told(
    inventory: Inventory, stated: Sequence[StorageStated], late: StorageLooked | None = None
) -> Iterator[str]:
    """What leaves the PC unfinished (`late`: what came up meanwhile), and what was stated: one line
    each."""
    words = tuple(Statement(event.about, event.by) for event in stated)
    left = (*open_reasons(inventory, None, words), *(late.found if late else ()))
    for text in wording.unreached(left):
        yield _("warning: {what}").format(what=text)
    yield from wording.statements(words)
