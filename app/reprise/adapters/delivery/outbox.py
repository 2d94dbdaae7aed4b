"""Reports waiting for a server. Order everywhere: write, fsync, rename; a report leaves the
outbox only after the server's receipt is stored beside it, and its copy in reports/ stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from reprise.adapters.delivery.receipts import read_receipt
from reprise.adapters.delivery.report_head import Head, read_head
from reprise.adapters.delivery.whole import Judge, Trust
from reprise.adapters.storage.limits import MOST_NOTE_BYTES, MOST_REPORT_BYTES, REPORT_ID
from reprise.codec import from_json, to_json
from reprise.domain.station.connectivity import Reach
from reprise.domain.station.delivery import Delivery
from reprise.errors import InputError, StorageError
from reprise.i18n import _
from reprise.ports import OutboxItem

_REASONS = frozenset(Reach)
WAITING, SENT, REFUSED = "waiting", "sent", "refused"


class _Files(Protocol):
    def write(self, relative: str, data: bytes, mode: int = 0o644) -> None: ...

    def read(self, relative: str, *, sure: bool = False, most: int = -1) -> bytes | None: ...

    def names(self, folder: str) -> tuple[str, ...]: ...

    def remove(self, relative: str) -> None: ...

    def take_out(self, report_id: str) -> None: ...

    def path(self, relative: str) -> Path: ...

    def each(self, relative: str, most: int) -> tuple[bytes, ...]: ...


@dataclass(frozen=True, slots=True)
class _State:
    """`reason`: a Reach, or what a newer station wrote."""

    state: str = WAITING
    detail: str = ""
    reason: str | None = None
    about: str = ""


class StoreOutbox:
    """ports.Outbox over a store."""

    def __init__(self, store: _Files) -> None:
        self._store = store
        self._heads: dict[tuple[str, int], Head] = {}  # a report never changes
        self._judge = Judge(lambda relative: store.each(relative, MOST_NOTE_BYTES))

    def put(self, report_id: str, jws: bytes) -> OutboxItem:
        """Keep a signed report and queue it. Putting the same bytes again changes nothing. What
        lies there and is trusted less is a stranger's, or damaged: it keeps no report away.

        Raises StorageError where another report has this id: a report is never replaced.
        """
        _check_id(report_id)
        kept = self._store.read(f"reports/{report_id}.jws", most=MOST_REPORT_BYTES)
        queued = self._store.read(f"outbox/{report_id}.jws", most=MOST_REPORT_BYTES)
        proven = self._judge.trust(jws, report_id) is not Trust.NONE
        others = [other for other in (kept, queued) if other != jws]
        free = all(self._judge.may_replace(other, jws, report_id) for other in others)
        if not free or not (proven or kept in (None, jws) or queued == jws):
            raise StorageError(
                _("another report is already kept as {id}.").format(id=report_id),
                _("A signed report is never replaced."),
            )
        if kept != jws:
            self._store.write(f"reports/{report_id}.jws", jws)
        if self.receipt(report_id, jws) is None:
            signed = queued and self._judge.trust(queued, report_id) is not Trust.NONE
            if queued != jws and not signed:
                self._store.write(f"outbox/{report_id}.jws", jws)
            return self._queued(report_id, jws)
        return self._sent(report_id, jws)

    def items(self) -> Sequence[OutboxItem]:
        """Waiting and refused ones first, then those with a receipt. A report that is kept without
        a receipt waits, too: a full stick may have taken it, and not its place in the queue. So
        does one that cannot be read or is too large: nobody may think that it was sent."""
        queued: list[OutboxItem] = []
        sent: list[OutboxItem] = []
        for report_id in dict.fromkeys(
            (*self._ids("outbox", ".jws"), *self._ids("reports", ".jws"))
        ):
            try:
                item = self._listed(report_id)
            except StorageError as error:
                item = self._unread(report_id, error)
            if item is not None:
                (sent if item.state == SENT else queued).append(item)
        return (*queued, *sent)

    def _listed(self, report_id: str) -> OutboxItem | None:
        """None where there is nothing. Raises StorageError."""
        copies, unread = self._copies(report_id)
        jws = self._best(report_id, copies)
        if jws is None:
            if unread is not None:
                raise unread
            return None
        there = self.receipt(report_id, jws) is not None
        return self._sent(report_id, jws) if there else self._queued(report_id, jws)

    def read(self, report_id: str) -> bytes | None:
        """The signed report's bytes, queued or kept; None where there is none. Where the two
        differ, one may be damaged, or a stranger's: the one with the better signature is
        preferred, then the one that the receipt covers, then one that tells this number. Of two
        good signatures that one counts of which nobody says that it was sent, then the kept."""
        _check_id(report_id)
        copies, _unread = self._copies(report_id)
        return self._best(report_id, copies)

    def _copies(self, report_id: str) -> tuple[list[bytes], StorageError | None]:
        """The queue's first, and why one that is there could not be read."""
        copies: list[bytes] = []
        unread: StorageError | None = None
        for place in (f"outbox/{report_id}.jws", f"reports/{report_id}.jws"):
            try:
                jws = self._store.read(place, sure=True, most=MOST_REPORT_BYTES)
            except StorageError as error:
                unread = error
            else:
                copies += [] if jws is None else [jws.strip()]  # an editor adds an end of line
        return copies, unread

    def made(self, report_id: str) -> bytes | None:
        """The report of this number that the station's own key has signed, if it is there."""
        copies, _unread = self._copies(report_id)
        own = (jws for jws in copies if self._judge.trust(jws, report_id) is Trust.OWN)
        return next(own, None)

    def holds(self, report_id: str) -> bool:
        """Whether a report of this number lies here, by its signature or, where its key does not,
        by what it says: rubbish is none, nor is one that is damaged."""

        def is_one(jws: bytes) -> bool:
            if self._judge.trust(jws, report_id) is not Trust.NONE:
                return True
            return read_head(jws).report_id == report_id and not self._judge.has_key_of(jws)

        copies, _unread = self._copies(report_id)
        return any(map(is_one, copies))

    def _best(self, report_id: str, copies: Sequence[bytes]) -> bytes | None:
        if len(set(copies)) < 2:
            return copies[0] if copies else None
        receipt = self._receipt(report_id)

        def rank(jws: bytes) -> tuple[Trust, bool, bool, bool]:
            trust = self._judge.trust(jws, report_id)
            covered = receipt is not None and read_receipt(receipt, report_id, jws) is not None
            ours = trust is not Trust.NONE or read_head(jws).report_id == report_id
            kept = trust is not Trust.NONE and jws == copies[-1]
            if trust is not Trust.NONE:
                covered = not covered  # that one was sent: the other may not have been
            return trust, covered, ours, kept

        return max(copies, key=rank)

    def receipt(self, report_id: str, jws: bytes) -> bytes | None:
        """The stored receipt's bytes, where it covers exactly `jws`."""
        data = self._receipt(report_id)
        return data if data is not None and read_receipt(data, report_id, jws) else None

    def mark_sent(self, report_id: str, receipt: bytes) -> None:
        """Store the receipt, then take the report out of the queue. Raises InputError where the
        receipt covers none of its copies."""
        _check_id(report_id)
        copies, _unread = self._copies(report_id)
        sent = (jws for jws in copies if read_receipt(receipt, report_id, jws) is not None)
        jws = next(sent, None)
        if jws is None:
            raise InputError(_("this is not the receipt of report {id}.").format(id=report_id))
        kept = self._store.read(f"reports/{report_id}.jws", most=MOST_REPORT_BYTES)
        if kept != jws and self._judge.may_replace(kept, jws, report_id):
            self._store.write(f"reports/{report_id}.jws", jws)
        self._store.write(f"receipts/{report_id}.json", receipt)
        self._store.take_out(report_id)
        self._store.remove(f"outbox/{report_id}.state.json")

    def mark_refused(self, report_id: str, delivery: Delivery) -> None:
        self._mark(report_id, REFUSED, delivery)

    def mark_waiting(self, report_id: str, delivery: Delivery) -> None:
        self._mark(report_id, WAITING, delivery)

    def _receipt(self, report_id: str) -> bytes | None:
        return self._store.read(f"receipts/{report_id}.json", most=MOST_NOTE_BYTES)

    def _mark(self, report_id: str, state: str, delivery: Delivery) -> None:
        _check_id(report_id)
        now = _State(state, delivery.detail, delivery.reason, delivery.about)
        if self._state(report_id) != now:  # spare the stick equal rewrites
            self._store.write(f"outbox/{report_id}.state.json", to_json(now))

    def _state(self, report_id: str) -> _State:
        data = self._store.read(f"outbox/{report_id}.state.json", most=MOST_NOTE_BYTES)
        if data is None:
            return _State()
        try:
            state = from_json(data, _State)
        except InputError:  # only a note: the report itself is what counts
            return _State()
        return state if state.state in (WAITING, REFUSED) else _State()

    def _ids(self, folder: str, suffix: str) -> list[str]:
        names = (name.removesuffix(suffix) for name in self._store.names(folder))
        return [name for name in names if REPORT_ID.fullmatch(name)]

    def _queued(self, report_id: str, jws: bytes) -> OutboxItem:
        state = self._state(report_id)
        there = self._store.read(f"outbox/{report_id}.jws", most=MOST_REPORT_BYTES) is not None
        path = str(self._store.path(f"{'outbox' if there else 'reports'}/{report_id}.jws"))
        return self._item(report_id, path, jws, state)

    def _unread(self, report_id: str, error: StorageError) -> OutboxItem:
        path = str(self._store.path(f"outbox/{report_id}.jws"))
        return OutboxItem(report_id, path, 0, WAITING, str(error), reason=Reach.UNREAD, about=path)

    def _sent(self, report_id: str, jws: bytes) -> OutboxItem:
        path = str(self._store.path(f"reports/{report_id}.jws"))
        receipt = read_receipt(self.receipt(report_id, jws) or b"", report_id, jws)
        return self._item(
            report_id, path, jws, _State(SENT, receipt.received_at if receipt else "")
        )

    def _item(self, report_id: str, path: str, jws: bytes, state: _State) -> OutboxItem:
        known = (report_id, len(jws))
        if known not in self._heads:
            self._heads[known] = read_head(jws)
        head = self._heads[known]
        return OutboxItem(
            report_id,
            path,
            len(jws),
            state.state,
            state.detail,
            head.pc,
            head.sealed_at,
            Reach(state.reason) if state.reason in _REASONS else None,
            state.about,
        )


def _check_id(report_id: str) -> None:
    if not REPORT_ID.fullmatch(report_id):
        raise InputError(_("“{id}” is not a report number (UUID).").format(id=report_id))
