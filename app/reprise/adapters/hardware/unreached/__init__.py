"""Storage that may be in the PC and that no drive of the inventory is: every controller, link and
card that sysfs knows, against the block devices below it. What is not seen cannot be erased."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.adapters.hardware.sysfs import Roots
from reprise.adapters.hardware.unreached import controllers, links, nodes
from reprise.domain.unreached import Unreached


def find_unreached(roots: Roots) -> tuple[Unreached, ...]:
    """In the order of controllers, links, drives and cards."""
    return tuple(_all(roots))


def _all(roots: Roots) -> Iterator[Unreached]:
    yield from controllers.of_pc(roots)
    yield from links.silent_ata(roots)
    yield from links.silent_sas(roots)
    yield from nodes.scsi_without_node(roots)
    yield from nodes.cards_without_node(roots)
