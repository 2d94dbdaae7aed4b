"""What a stick lacks of what memory has, and what it keeps of its own."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from pathlib import Path

from reprise.adapters.delivery.receipts import read_receipt
from reprise.adapters.delivery.whole import Judge
from reprise.adapters.storage.files import (
    every_copy,
    head_or_none,
    names_in,
    read_or_none,
    size_or_none,
    write_durably,
)
from reprise.adapters.storage.limits import (
    KEY,
    MOST_NOTE_BYTES,
    MOST_REPORT_BYTES,
    PUBLIC_KEY,
    REPORT_ID,
)

# What a session makes, in the order in which a stick gets it: proofs first.
_SYNCED = ("reports", "receipts", "journal", "outbox")
_OF_ONE_NAME = frozenset(
    {errno.EISDIR, errno.ENOTDIR, errno.ELOOP, errno.EEXIST, errno.EACCES, errno.EIO}
)
_MOST_BRINGING_S = 2.0  # in one go: it stands between two lines of a journal
_MOST_FAILING_S = 10.0  # in one look: a stick that answers nothing takes seconds each time


def keeps_own(memory: Path, root: Path, relative: str) -> bool:
    """Whether `relative` is the key of the stick at `root`, or the public half of that key: those
    are never written over, as a server may know them. The public half of a key that is lost stands
    for it: a person decides whether another takes its place. So none comes without its key. Raises
    OSError where that cannot be read."""
    if relative not in (KEY, PUBLIC_KEY):
        return False
    own = head_or_none(root / KEY, MOST_NOTE_BYTES)  # what is longer is none, and stays
    if own is None:
        half = head_or_none(root / PUBLIC_KEY, MOST_NOTE_BYTES)
        lost = half is not None and half != read_or_none(memory / PUBLIC_KEY)
        return lost or relative == PUBLIC_KEY
    return relative == KEY or own != read_or_none(memory / KEY)


def lacks(memory: Path, root: Path) -> bool:
    """Whether the stick lacks a file of memory, or has one shorter. Raises OSError."""
    return any(_lacking(memory, root, relative) is not None for relative in _ours(memory))


def bring(memory: Path, root: Path) -> None:
    """What the stick lacks: the keys last, as what goes wrong with one must not keep a proof away.
    Raises OSError: of what is wrong with one name alone (a folder in its place, a bad block), once
    the others were brought."""
    failed: OSError | None = None
    failing_s = 0.0
    for relative in _ours(memory):
        began_s = time.monotonic()
        try:
            if _bring_one(memory, root, relative):
                continue
        except OSError as error:
            if error.errno not in _OF_ONE_NAME:
                raise
            failed = failed or error
        failing_s += time.monotonic() - began_s
        if failing_s > _MOST_BRINGING_S:
            raise failed or OSError(errno.EIO, os.strerror(errno.EIO))
    if failed is not None:
        raise failed


def _bring_one(memory: Path, root: Path, relative: str) -> bool:
    """False where a bad block stood in the way. Raises OSError."""
    whole = True
    try:
        data = _lacking(memory, root, relative)
    except OSError as error:
        data, whole = _instead(memory, root, relative, error), False
    if data is not None:
        write_durably(root / relative, data, 0o600 if relative == KEY else 0o644)
    return whole


def _ours(memory: Path) -> Iterator[str]:
    for folder in _SYNCED:
        yield from (f"{folder}/{name}" for name in sorted(names_in(memory / folder)))
    yield from (KEY, PUBLIC_KEY)  # the half only where its key has arrived


def _lacking(memory: Path, root: Path, relative: str) -> bytes | None:
    if keeps_own(memory, root, relative):
        return None
    data = read_or_none(memory / relative)
    return data if data is not None and wanted(data, root / relative) else None


def _instead(memory: Path, root: Path, relative: str, error: OSError) -> bytes | None:
    """What is written anew, for other blocks, where the stick's cannot be read and holds nothing
    that ours lacks. Raises `error` where it may."""
    data = read_or_none(memory / relative)
    if error.errno != errno.EIO or data is None or relative == KEY:
        raise error
    if relative == PUBLIC_KEY and read_or_none(memory / KEY) != read_or_none(root / KEY):
        raise error  # of another key than ours, perhaps
    if (size_or_none(root / relative) or 0) > len(data):
        raise error
    return data


def wanted(data: bytes, there: Path) -> bool:
    """Whether `there` must still get `data`. Journals only grow: a longer one that begins like
    ours is newer than ours."""
    other = head_or_none(there, len(data) + 1)  # no more tells the two apart
    if other is None:
        return True
    return not other.startswith(data) if there.suffix == ".jsonl" else other != data


def settle(memory: Path, root: Path) -> None:
    """A report whose receipt is on either side leaves both outboxes: it may have been sent from
    another PC, or while this stick was away. Raises OSError, once the others were looked at: not
    all where the stick answers nothing any more."""
    failed: list[OSError] = []
    failing_s = 0.0
    for name in sorted(names_in(memory / "outbox") | names_in(root / "outbox")):
        report_id = name.removesuffix(".jws")
        if report_id != name and REPORT_ID.fullmatch(report_id):
            began_s = time.monotonic()
            try:
                take_out(report_id, memory, root)
            except OSError as error:
                failed.append(error)
                failing_s += time.monotonic() - began_s
                if failing_s > _MOST_FAILING_S:
                    break
    if failed:
        raise failed[0]


def take_out(report_id: str, *sides: Path) -> None:
    """Out of each side's outbox, where a receipt of any side covers its bytes, and not before
    those very bytes are in its `reports` with their receipt: a power cut may have damaged what lay
    there. Another one that is whole stays, and so does the queue's: a receipt is unsigned, and
    takes nothing away that it does not cover. Raises OSError."""
    name, note = f"{report_id}.jws", f"{report_id}.json"
    stored = [read_or_none(side / "receipts" / note, MOST_NOTE_BYTES) for side in sides]
    receipts = [receipt for receipt in stored if receipt is not None]
    judge = Judge(lambda relative: every_copy(sides, relative, MOST_NOTE_BYTES))

    def receipt_of(jws: bytes) -> bytes | None:
        return next((one for one in receipts if read_receipt(one, report_id, jws)), None)

    for side in sides if receipts else ():
        jws = read_or_none(side / "outbox" / name, MOST_REPORT_BYTES)
        if jws is None:
            continue
        receipt = receipt_of(jws)
        if receipt is None:
            continue
        kept = read_or_none(side / "reports" / name, MOST_REPORT_BYTES)
        if kept != jws and not judge.may_replace(kept, jws, report_id):
            continue
        for path, data in ((side / "reports" / name, jws), (side / "receipts" / note, receipt)):
            if wanted(data, path):
                write_durably(path, data)
        (side / "outbox" / name).unlink(missing_ok=True)
        (side / "outbox" / f"{report_id}.state.json").unlink(missing_ok=True)


def looks_other(memory: Path, root: Path) -> bool:
    """Whether the stick at `root` may be another one than the one that was written to: sticks are
    swapped while nothing is written. By sizes only, as the screen asks every second."""
    ours = (Path(folder, name) for folder in _SYNCED for name in names_in(memory / folder))
    return any(size_or_none(root / path) != size_or_none(memory / path) for path in ours)
