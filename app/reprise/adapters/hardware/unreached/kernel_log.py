"""What the kernel's log says of ATA links and of eMMC and SD hosts: a drive or card that never came
up, or that died since, leaves its place in sysfs as if nothing were attached."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reprise.adapters.hardware.sysfs import Roots

_RECORD_BYTES = 8192  # Documentation/ABI/testing/dev-kmsg: a smaller buffer gets EINVAL
# drivers/ata/libata-core.c (ata_wait_ready), libata-sata.c, libata-sff.c and libata-eh.c. Each is
# said only of a link that is not offline; -16 is EBUSY: what is attached stays busy. The last word
# on a link counts: it goes down and up again in ordinary resets. What came up tells its kind
# (ata_dev_configure), and that it is given up for good (ata_scsi_remove_dev).
_LINK_SAYS = re.compile(
    r"ata(?P<port>\d+)(?:\.(?P<pmp>\d+))?: (?:"
    r"(?P<quiet>SATA link down(?: \(SStatus [0-9A-F]*(?P<det>[0-9A-F]))?)|(?P<up>SATA link up)"
    r"|link is slow to respond|(?:COMRESET|SRST) failed \(errno=-16\)"
    r"|(?P<given_up>reset failed, giving up)"
    r"|(?P<disk>(?:ATA-\d+|CFA): )|(?P<optical>ATAPI: )|(?P<detached>detaching \(SCSI ))"
)
# Serial ATA 3.0, SStatus, DET: "device presence detected but Phy communication not established".
# Told of drives whose link fails to train; of empty ports by few old controllers (sata_sis).
_DETECTED = "1"
# drivers/mmc/core, mmc.c, sd.c and sdio.c: said of a card that answered the first question and then
# failed, once for each frequency that is tried; bus.c: it came up, it is removed. core.c,
# mmc_rescan: "Failed to initialize a non-removable card" is said of a soldered one of which nothing
# came at all. A chip with I/O functions only (Wi-Fi) holds no data, and the memory of a combined
# card has its own word. A card of kind MMC is soldered, or as good as: what is removed has died.
_CARD_SAYS = re.compile(
    r"(?P<host>mmc\d+): (?:error -?\d+ whilst initialising (?:(?P<io>SDIO)|MMC|SD) card"
    r"|new (?:.* )?(?:(?P<emmc>MMC)|(?P<up>\S+)) card (?:at address|on SPI)"
    r"|(?P<removed>(?:SPI card|card [0-9a-f]+) removed)"
    r"|(?P<nothing>Failed to initialize a non-removable))"
)


class LinkWord(StrEnum):
    """The last word on a link whose device did not come up, or is gone."""

    BUSY = "busy"  # it may yet
    GIVEN_UP = "given-up"
    GONE = "gone"  # the link was not offline, and now is
    DETECTED = "detected"  # somebody answered, and the link never came up


class CardWord(StrEnum):
    """The last word on a host."""

    FINE = "fine"  # its card came up, or is no storage
    EMMC = "emmc"  # so did that one, which nobody takes out
    FAILED = "initialisation-failed"  # a card is there
    NOTHING = "non-removable-card-silent"  # one should be


@dataclass(frozen=True, slots=True)
class KernelLog:
    """`links`: by their names in /sys/class/ata_link, those whose device did not come up. `hosts`:
    as in /sys/class/mmc_host. `whole`: read from its first record to its last. `gone`: disks that
    came up and left, "link3.0" for the log's "ata3.00" (with a port multiplier, its port)."""

    links: Mapping[str, LinkWord] = field(default_factory=dict)
    hosts: Mapping[str, CardWord] = field(default_factory=dict)
    whole: bool = True
    gone: frozenset[str] = frozenset()


def read_log(roots: Roots) -> KernelLog:
    """What of it is left to read; nothing of one that cannot be opened."""
    said: list[str] = []
    whole = _read(roots, said)
    return KernelLog(_links(said), _hosts(said), whole, _gone(said))


def _links(said: Iterable[str]) -> dict[str, LinkWord]:
    words: dict[str, LinkWord] = {}
    for name, match in _of_links(said):
        if match["up"]:
            words.pop(name, None)
        elif match["quiet"]:
            _down(words, name, detected=match["det"] == _DETECTED)
        elif not (match["disk"] or match["optical"] or match["detached"]):
            words[name] = LinkWord.GIVEN_UP if match["given_up"] else LinkWord.BUSY
    return words


def _down(words: dict[str, LinkWord], name: str, *, detected: bool) -> None:
    if words.get(name, LinkWord.DETECTED) is not LinkWord.DETECTED:
        words[name] = LinkWord.GONE
    elif detected:
        words[name] = LinkWord.DETECTED
    else:
        words.pop(name, None)


def _gone(said: Iterable[str]) -> frozenset[str]:
    disks: dict[str, bool] = {}  # whether each is gone
    for name, match in _of_links(said):
        if match["disk"]:
            disks[name] = False
        elif match["optical"]:  # what there was is not known to have left
            disks.pop(name, None)
        elif match["up"] or match["quiet"] or match["detached"]:
            below = (disk for disk in disks if disk == name or disk.startswith(f"{name}."))
            disks |= dict.fromkeys(below, not match["up"])
    return frozenset(name for name, gone in disks.items() if gone)


def _of_links(said: Iterable[str]) -> Iterator[tuple[str, re.Match[str]]]:
    for match in filter(None, map(_LINK_SAYS.search, said)):
        pmp = "" if match["pmp"] is None else f".{int(match['pmp'])}"
        yield f"link{match['port']}{pmp}", match


def _hosts(said: Iterable[str]) -> dict[str, CardWord]:
    words: dict[str, CardWord] = {}
    for match in filter(None, map(_CARD_SAYS.search, said)):
        word = _card_word(match, words.get(match["host"]))
        if word is not None:
            words[match["host"]] = word
    return words


def _card_word(found: re.Match[str], before: CardWord | None) -> CardWord | None:
    if found["removed"] or found["nothing"]:  # what was said before tells of what
        if before is CardWord.EMMC:
            return CardWord.FAILED
        return before or (CardWord.NOTHING if found["nothing"] else None)
    if found["emmc"]:
        return CardWord.EMMC
    return CardWord.FINE if found["up"] or found["io"] else CardWord.FAILED


def _read(roots: Roots, said: list[str]) -> bool:
    """Adds the log's lines; whether they are all. The ring keeps the newest records, and each tells
    its number: the first since the start is 0 (Documentation/ABI/testing/dev-kmsg)."""
    whole = False
    try:
        for number, record in enumerate(_records(roots)):
            if number == 0:
                whole = _sequence(record) == 0
            said += record.splitlines()
    except OSError:
        return False
    return whole


def _records(roots: Roots) -> Iterator[str]:
    """/dev/kmsg gives one record a read, and would wait for the next one at its end. Raises
    OSError: BrokenPipeError where records were overwritten before they were read."""
    log = os.open(roots.dev / "kmsg", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        while True:
            try:
                record = os.read(log, _RECORD_BYTES)
            except BlockingIOError:
                return
            if not record:
                return
            yield record.decode("utf-8", "replace")
    finally:
        os.close(log)


def _sequence(record: str) -> int | None:
    """Of "priority,sequence,microseconds,flags[,…];text"."""
    head = record.partition(";")[0].split(",")
    return int(head[1]) if len(head) > 1 and head[1].isdecimal() else None
