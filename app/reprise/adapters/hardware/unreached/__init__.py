"""Storage that may be in the PC and that no drive of the inventory is: every controller, link and
card that sysfs knows, against the block devices below it. What is not seen cannot be erased."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reprise.adapters.hardware.sysfs import Roots, names
from reprise.adapters.hardware.unreached import controllers, links, nodes
from reprise.adapters.hardware.unreached.kernel_log import read_log
from reprise.domain.drives.unreached import Unreached, UnreachedKind

# Where what never came up is told by the kernel's log alone.
_TOLD_BY_THE_LOG = ("ata_link", "mmc_host")


def find_unreached(roots: Roots, shown: frozenset[str] = frozenset()) -> tuple[Unreached, ...]:
    """In the order of controllers, links, drives and cards. `shown`: listed_on_ata of the looks
    before. Where such a drive has left, the session itself tells whether it was erased."""
    return tuple(_all(roots, shown))


def listed_on_ata(roots: Roots, drives: Iterable[str]) -> frozenset[str]:
    """Places of those `drives` (names in /sys/block) that are still there."""
    places = (links.ata_device((roots.sys / "block" / name).resolve()) for name in drives)
    return frozenset(filter(None, places))


def _all(roots: Roots, shown: frozenset[str]) -> Iterator[Unreached]:
    log = read_log(roots)
    yield from controllers.of_pc(roots)
    if not log.whole and any(names(roots.sys / "class" / folder) for folder in _TOLD_BY_THE_LOG):
        yield Unreached(UnreachedKind.UNREADABLE, "kmsg")
    yield from links.silent_ata(roots, log, shown)
    yield from links.silent_sas(roots)
    yield from nodes.scsi_without_node(roots)
    yield from nodes.cards_without_node(roots)
    yield from nodes.silent_hosts(roots, log)
    yield from nodes.acpi_hosts_without_driver(roots)
