"""Who worked last with this stick: a small file in the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reprise.errors import InputError

if TYPE_CHECKING:
    from reprise.adapters.storage.store import MirroredStore
    from reprise.domain.report.events import Operator


def last_operator(where: MirroredStore, settings: Operator) -> Operator:
    """The settings' values, with what was typed last. A file that cannot be read, or that
    is too large to be ours, is as none: it only saves typing."""
    from reprise import codec
    from reprise.adapters.storage.limits import MOST_NOTE_BYTES
    from reprise.adapters.storage.store import OPERATOR
    from reprise.workflow.session.operator import Remembered, recall

    data = where.read(OPERATOR, most=MOST_NOTE_BYTES)
    try:
        last = None if data is None else codec.from_json(data, Remembered)
    except InputError:
        last = None
    return recall(last, settings)


def remember_operator(where: MirroredStore, settings: Operator, typed: Operator) -> None:
    """Raises StorageError."""
    from reprise import codec
    from reprise.adapters.storage.store import OPERATOR
    from reprise.workflow.session.operator import to_remember

    where.write(OPERATOR, codec.to_json(to_remember(typed, settings)))
