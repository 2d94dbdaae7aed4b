"""Fake ports for what is kept of a session: store, outbox, signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from reprise.errors import StorageError
from reprise.ports import OutboxItem


@dataclass
class FakeStore:
    place: str = "stick"
    full: bool = False
    files: dict[str, bytes] = field(default_factory=dict)

    def where(self) -> str:
        return self.place

    def sync(self) -> bool:
        return self.place == "stick"

    def problem(self) -> str:
        return ""

    def read(self, relative: str, *, stick_first: bool = False) -> bytes | None:
        return self.files.get(relative)


@dataclass
class FakeOutbox:
    store: FakeStore
    state: str = "waiting"
    kept: list[OutboxItem] = field(default_factory=list)

    def put(self, report_id: str, jws: bytes) -> OutboxItem:
        if self.store.full:
            raise StorageError("no room left on the stick.", "Free some space there.")
        self.store.files[f"reports/{report_id}.jws"] = jws
        item = OutboxItem(report_id, f"outbox/{report_id}.jws", len(jws), "waiting")
        self.kept = [item]
        return item

    def items(self) -> Sequence[OutboxItem]:
        return tuple(replace(item, state=self.state) for item in self.kept)

    def made(self, report_id: str) -> bytes | None:
        jws = self.store.read(f"reports/{report_id}.jws")
        return jws if jws is not None and jws.startswith(b"head.") else None

    def holds(self, report_id: str) -> bool:
        return self.made(report_id) is not None


@dataclass
class FakeSigner:
    kid: str = "kid"

    def sign(self, payload: bytes) -> bytes:
        return b"head." + payload.hex().encode() + b".signature"
