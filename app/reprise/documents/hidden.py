"""What a document says of the space that a drive hides, and of what came before the erasure."""

from __future__ import annotations

from collections.abc import Iterator

from reprise import wording
from reprise.documents import parts
from reprise.documents.parts import Fact
from reprise.domain.pc.hardware import Drive, Transport
from reprise.domain.planning.plan import UNHIDES, LimitationCode, Plan, Preparation
from reprise.domain.report.events import ObservationKind
from reprise.domain.report.report import AttemptRecord, DriveRecord, PreparationRecord
from reprise.i18n import _

_WITHOUT = frozenset({Transport.SAS, Transport.SCSI, Transport.MMC, Transport.VIRTIO})


def hidden_facts(
    record: DriveRecord, drive: Drive | None, plan: Plan | None = None
) -> Iterator[Fact]:
    """One fact about hidden areas, and one for each other step before the erasure."""
    label, whether = _("Hidden areas"), parts.Absent(_("unknown whether there are any"))
    prepared = record.preparation
    if prepared is not None and UNHIDES.intersection(prepared.steps):
        yield _areas(label, record, prepared)
    elif any(_left(attempt) for attempt in record.attempts):
        yield (label, whether, _("a part of the drive may be hidden, and was not reached"))
    elif LimitationCode.HIDDEN_AREAS in record.limitations:
        yield (label, whether, _("HPA, DCO and AMAC were not looked for"))
    elif drive is not None and drive.transport is Transport.NVME:
        yield (label, _("none of the ATA kind (HPA, DCO, AMAC) on NVMe"), "")
    elif drive is not None and drive.transport in _WITHOUT and not _is_ata(record, plan):
        yield (label, _("this kind of drive has none (HPA, DCO, AMAC)"), "")
    elif record.attempts:
        yield (label, _("looked for (HPA, DCO, AMAC); none found"), "")
    else:
        yield (label, whether, _("the report says nothing of them"))
    if prepared is not None and Preparation.UNLOCK in prepared.done:
        yield (_("Lock"), _("opened with Reprise's published password"), "")


def _left(attempt: AttemptRecord) -> bool:
    return any(
        observation.kind is ObservationKind.HIDDEN_AREA_LEFT
        for observation in (*attempt.earlier, *attempt.observations)
    )


def _is_ata(record: DriveRecord, plan: Plan | None) -> bool:
    """Also behind a SAS adapter: it told in the plan what an ATA drive can do."""
    plans = [] if plan is None else [item for item in plan.drives if item.drive == record.identity]
    return any(name.startswith("ata.") for item in plans for name in item.capabilities)


def _areas(label: str, record: DriveRecord, prepared: PreparationRecord) -> Fact:
    left = [step for step in prepared.left if step in UNHIDES]
    if left or prepared.size_bytes is None:
        return (label, parts.Absent(_("found, and could not be removed")), "")
    words = _("found and removed: {before} before, {after} after").format(
        before=wording.size(record.identity.size_bytes), after=wording.size(prepared.size_bytes)
    )
    return (label, words, "")
