"""What the list of PCs asks for, kept with each PC so that no page of it reads all reports."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from reprise.domain.pc.hardware import Machine
from reprise.domain.pc.impact import PcKind, kind_of
from reprise.domain.report.one_session import Word, truth
from reprise.server.reports import models

_MOST_NAME = 200  # characters
# Reports of a PC: what arrives late may tell of what was done before.
NEWEST_DONE = ("-done_at", "-received_at", "report_id")


class Kind(StrEnum):
    LAPTOP = PcKind.LAPTOP.value
    DESKTOP = PcKind.DESKTOP.value
    OTHER = "other"  # or unknown


def columns_of(maker: str, model: str, chassis: str) -> dict[str, Any]:
    """The columns of a PC that follow from what its firmware says."""
    name = Machine(maker=maker, model=model).name.lower()[:_MOST_NAME]
    kind = kind_of(chassis)
    return {"name": name, "kind": Kind.OTHER.value if kind is None else kind.value}


def list_anew(pc: int) -> None:
    """After any change of its reports: a PC is listed under the one that counts and was done last,
    and not at all where none does. In the caller's transaction."""
    counting = models.Report.objects.filter(pc=pc, superseded_by="")
    newest = counting.order_by(*NEWEST_DONE).values_list("outcome", flat=True)
    models.Pc.objects.filter(pk=pc).update(outcome=newest.first() or "")


def settle(kid: str, session_id: str, pc: int) -> None:
    """Say which of the reports of a station's session on one PC count: the one that goes furthest
    of those that were made from its journal alone; each of its own, where there is one. Another
    station that names the same session silences none of them. "" is no session: each counts. In
    the caller's transaction."""
    if session_id:
        here = models.Report.objects.filter(session_id=session_id, pc=pc, station=kid)
        words = [Word(*row) for row in here.values_list("report_id", "cut_off", "session_s")]
        best = truth(words)
        own = [word.report_id for word in words if not word.left]
        counting = own or [best]
        here.filter(report_id__in=counting).update(superseded_by="")
        here.exclude(report_id__in=counting).update(superseded_by=best)
    list_anew(pc)
