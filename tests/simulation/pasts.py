"""What a stick's journals say of a drive, in the order in which things really happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reprise.adapters.storage.journal import read_journal
from reprise.domain.report.events import AttemptFinished, AttemptStarted

if TYPE_CHECKING:
    from simulation.files import Volume
    from simulation.stick import Stick
    from simulation.visit import Visit


def unended(key: str, stick: Stick, memory: Volume, visits: Sequence[Visit]) -> str:
    """The session whose attempt on this drive is the newest of all, where it has no end; "" where
    there is none, or it has one. What `memory` has is never older: a full stick lacks the end."""
    left = ""
    for visit in visits:
        name = f"journal/{visit.session_id}.jsonl"
        node = memory.names.get(f"/run/reprise/memory/{name}") or stick.volume.names.get(f"/{name}")
        if node is None or key.encode() not in node.data.replace(b'\\"', b'"'):
            continue
        begun: dict[str, bool] = {}
        for stamped in read_journal(bytes(node.data)).sound:
            event = stamped.event
            if isinstance(event, AttemptStarted) and event.identity.key == key:
                begun[event.job_id] = False
            elif isinstance(event, AttemptFinished) and event.job_id in begun:
                begun[event.job_id] = True
        if begun:
            left = visit.word if not list(begun.values())[-1] else ""
    return left
