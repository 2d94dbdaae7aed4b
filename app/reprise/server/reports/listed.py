"""What the list of PCs asks for, kept with each PC so that no page of it reads all reports."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from reprise.domain.pc.hardware import Machine
from reprise.domain.pc.impact import PcKind, kind_of
from reprise.server.reports import models

_MOST_NAME = 200  # characters


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
    """After any change of its reports: a PC is listed under the newest that counts, and not at all
    where none does. In the caller's transaction."""
    counting = models.Report.objects.filter(pc=pc, superseded_by="")
    newest = counting.order_by("-received_at", "report_id").values_list("outcome", flat=True)
    models.Pc.objects.filter(pk=pc).update(outcome=newest.first() or "")
