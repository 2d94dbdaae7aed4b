"""What a stick lacks of what memory has, and what it keeps of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reprise.adapters.files import names_in, read_or_none, size_or_none, write_durably
from reprise.adapters.receipts import read_receipt

KEY, PUBLIC_KEY = "station.key.pem", "station.pub.pem"
# What a session makes, in the order in which a stick gets it: proofs first.
_SYNCED = ("reports", "receipts", "journal", "outbox")


def keeps_own(memory: Path, root: Path, relative: str) -> bool:
    """Whether `relative` is the key of the stick at `root`, or the public half of that key: those
    are never written over, as a server may know them. The public half of a key that is lost stands
    for it: a person decides whether another takes its place. So none comes without its key. Raises
    OSError where that cannot be read."""
    if relative not in (KEY, PUBLIC_KEY):
        return False
    own = read_or_none(root / KEY)
    if own is None:
        half = read_or_none(root / PUBLIC_KEY)
        lost = half is not None and half != read_or_none(memory / PUBLIC_KEY)
        return lost or relative == PUBLIC_KEY
    return relative == KEY or own != read_or_none(memory / KEY)


def missing(memory: Path, root: Path) -> Iterator[tuple[str, bytes]]:
    """Files of memory that the stick lacks or has shorter, to be written as they come: the keys
    last, as what goes wrong with one must not keep a proof away. Raises OSError."""
    for folder in _SYNCED:
        for name in sorted(names_in(memory / folder)):
            yield from _lacking(memory, root, f"{folder}/{name}")
    for name in (KEY, PUBLIC_KEY):  # the half only where its key has arrived
        if not keeps_own(memory, root, name):
            yield from _lacking(memory, root, name)


def _lacking(memory: Path, root: Path, relative: str) -> list[tuple[str, bytes]]:
    data = read_or_none(memory / relative)
    return [(relative, data)] if data is not None and wanted(data, root / relative) else []


def wanted(data: bytes, there: Path) -> bool:
    """Whether `there` must still get `data`. Journals only grow: a longer one that begins like
    ours is newer than ours."""
    other = read_or_none(there)
    if other is None:
        return True
    return not other.startswith(data) if there.suffix == ".jsonl" else other != data


def settle(memory: Path, root: Path) -> None:
    """A report whose receipt is on either side leaves both outboxes: it may have been sent from
    another PC, or while this stick was away. Raises OSError."""
    for name in names_in(memory / "outbox") | names_in(root / "outbox"):
        report_id, _dot, kind = name.partition(".")
        if kind != "jws":
            continue
        for side, other in ((memory, root), (root, memory)):
            receipt = read_or_none(side / "receipts" / f"{report_id}.json")
            jws = read_or_none(side / "outbox" / name) or read_or_none(other / "outbox" / name)
            if receipt and jws and read_receipt(receipt, report_id, jws):
                write_durably(other / "receipts" / f"{report_id}.json", receipt)
                for place in (memory, root):
                    (place / "outbox" / name).unlink(missing_ok=True)
                    (place / "outbox" / f"{report_id}.state.json").unlink(missing_ok=True)


def looks_other(memory: Path, root: Path) -> bool:
    """Whether the stick at `root` may be another one than the one that was written to: sticks are
    swapped while nothing is written. By sizes only, as the screen asks every second."""
    ours = (Path(folder, name) for folder in _SYNCED for name in names_in(memory / folder))
    return any(size_or_none(root / one) != size_or_none(memory / one) for one in ours)
