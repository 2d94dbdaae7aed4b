"""A report turned into what its page shows: texts in the language in force, nothing to decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reprise import wording
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.verification import standing
from reprise.domain.pc.hardware import Health, Machine
from reprise.domain.planning.techniques import Method
from reprise.domain.report.report import AttemptRecord, DriveRecord, Report
from reprise.domain.report.report_outcome import own_records, proven, unreached_storage
from reprise.domain.report.told import ToldDrive, installed_on, records
from reprise.i18n import _
from reprise.server.reports.badges import Badge, drive_badge

_SHOWN = 1000  # lines of one kind: no true report has more than some hundred
Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AttemptView:
    title: str
    facts: Facts
    earlier: tuple[str, ...]
    observations: tuple[str, ...]
    reasons: tuple[str, ...]
    errors: tuple[str, ...]
    limitations: tuple[str, ...]
    check: wording.Check | None


@dataclass(frozen=True, slots=True)
class DriveView:
    model: str
    serial: str
    badge: Badge
    facts: Facts
    refusals: tuple[str, ...]
    attempts: tuple[AttemptView, ...]  # the last one first


def known(*facts: tuple[str, str | None]) -> Facts:
    """Only what is known: an absent fact has no line."""
    return tuple((name, value) for name, value in facts if value)


def pc_name(machine: Machine) -> str:
    return machine.name or _("PC of unknown make")


def pc_facts(report: Report) -> Facts:
    machine, inventory = report.inventory.machine, report.inventory
    memory = inventory.memory.total_bytes
    return known(
        (_("Serial number"), machine.serial),
        (_("UUID"), machine.uuid),
        (_("Chassis"), wording.chassis(machine.chassis)),
        (_("Firmware"), wording.join(wording.firmware(machine.firmware))),
        (_("Processor"), inventory.processor.model),
        (_("Memory"), wording.size_binary(memory) if memory else None),
        (_("Asset tag"), report.operator.asset_tag),
        (_("Lot"), report.operator.lot),
        (_("Donor"), report.operator.donor),
    )


def work_facts(report: Report) -> Facts:
    operator, clock = report.operator, report.clock
    note = wording.code(clock.note)
    if clock.trusted:
        trust = note or _("synchronised")
    else:
        trust = _("not synchronised: dates may be wrong") + (f" ({note})" if note else "")
    return known(
        (_("Operator"), operator.name),
        (_("Organisation"), operator.organisation),
        (_("Place"), operator.place),
        (_("Started (PC clock)"), wording.moment(clock.started_at)),
        (_("Sealed (PC clock)"), wording.moment(clock.sealed_at)),
        (_("Time spent"), wording.duration(clock.session_s)),
        (_("PC clock"), trust),
        (_("Station"), report.station.name),
        (_("Reprise version"), report.station.version),
        (_("Image version"), report.station.image_version),
        (_("SHA-256 of the image's file system"), report.station.image_sha256),
    )


def install_facts(report: Report) -> Facts:
    record = report.install
    if record is None:
        return ()
    result = {
        True: _("installed"),
        False: _("failed: {reason}").format(reason=wording.code(record.detail)),
        None: _("not completed"),
    }[record.ok]
    drive = installed_on(report)
    on = wording.join([drive.identity.model or "", drive.identity.serial or ""]) if drive else ""
    duration = None if record.duration_s is None else wording.duration(record.duration_s)
    return known(
        (_("System"), wording.system(record.image, record.image_version)),
        (_("Result"), result),
        (_("On the drive"), on or record.node),
        (_("Duration"), duration),
        (_("Image digest (SHA-256)"), record.digest),
    )


def drive_views(report: Report) -> tuple[DriveView, ...]:
    """The PC's own drives."""
    return tuple(_drive(record) for record in own_records(report))


def left_alone(report: Report) -> tuple[DriveView, ...]:
    """The stick and other media that are not part of the PC."""
    own = own_records(report)
    return tuple(_drive(record) for record in records(report) if record not in own)


def out_of_reach(report: Report) -> tuple[str, ...]:
    """Storage that may be there and was not reached."""
    return wording.unreached(unreached_storage(report))


def stated(report: Report) -> tuple[str, ...]:
    """What the operator has stated of such storage: no trouble, and no observation either."""
    return wording.statements(report.stated)


def _drive(record: ToldDrive) -> DriveView:
    return DriveView(
        model=record.identity.model or _("Drive of unknown model"),
        serial=record.identity.serial or record.identity.wwn or _("unknown"),
        badge=_drive_badge(record),
        facts=_drive_facts(record),
        refusals=_few(wording.refusals(record.refusals)),
        attempts=tuple(_attempt(record, a) for a in reversed(record.attempts)),
    )


def _drive_badge(record: ToldDrive) -> Badge:
    result = proven(record)
    state, achieved = result.state, result.achieved
    sentence = ""
    if record.state is DriveState.SANITIZED and state is DriveState.UNVERIFIED:
        sentence = _("The report calls this drive erased, but holds no proof of it.")
    elif state is DriveState.SANITIZED and achieved is not Method.NONE:
        gloss = wording.method_gloss(achieved)
        sentence = f"{gloss[:1].upper()}{gloss[1:]}."
    return drive_badge(state, achieved, sentence)


def _drive_facts(record: ToldDrive) -> Facts:
    size = wording.size(record.identity.size_bytes)
    exact = _("{count} bytes").format(count=wording.number(record.identity.size_bytes))
    facts = known(
        (_("Size"), f"{size} ({exact})"),
        (_("WWN / EUI"), record.identity.wwn),
    )
    probed = record.facts
    if probed is None:
        return facts
    smart = probed.smart
    health = wording.health(smart.health) if smart.health is not Health.UNKNOWN else None
    hours = smart.power_on_hours
    kind = wording.join([wording.media(probed.media), wording.transport(probed.transport)])
    return facts + known(
        (_("Kind"), kind),
        (_("Firmware"), probed.firmware),
        (_("Health (SMART)"), health),
        (_("Power-on time"), None if hours is None else f"{wording.number(hours)} h"),
    )


def _attempt(drive: DriveRecord, record: AttemptRecord) -> AttemptView:
    attempt = record.attempt
    interrupted = wording.code(record.interrupted) if record.interrupted else None
    return AttemptView(
        title=wording.technique(attempt.technique),
        facts=known(
            (_("Verdict"), wording.verdict(record.verdict)),
            (_("Interrupted by"), interrupted),
            (_("Method claimed"), wording.method(attempt.claims)),
            (_("Method achieved"), wording.method(record.achieved)),
            (_("Verification"), wording.depth(attempt.verify)),
            (_("Started"), wording.moment(record.started_at)),
            (_("Finished"), wording.moment(record.finished_at) if record.finished_at else None),
            (_("Duration"), _seconds(record.duration_s)),
            (_("Written"), _amount(record.written_bytes, record.write_s)),
            (_("Read back"), _amount(record.verified_bytes, record.verify_s)),
            (_("Resumed from"), _amount(record.resumed_from_bytes, 0)),
        ),
        earlier=_few(map(wording.observation, record.earlier)),
        observations=_few(map(wording.observation, record.observations)),
        reasons=_few(map(wording.code, record.reasons)),
        errors=_few(
            _("{operation}: {count} sectors from LBA {first}").format(
                operation=wording.code(e.operation),
                count=wording.number(e.count),
                first=wording.number(e.first_lba),
            )
            for e in record.medium_errors
        ),
        limitations=_few(map(wording.code, standing(attempt, record.observations))),
        check=wording.check_of(drive, record),
    )


def _few(told: Iterable[str]) -> tuple[str, ...]:
    """The signed report has them all."""
    return wording.few(tuple(told), _SHOWN)


def _seconds(value: float | None) -> str | None:
    return None if value is None else wording.duration(value)


def _amount(count_bytes: int, seconds: float) -> str | None:
    if count_bytes <= 0:
        return None
    amount = _("{count} bytes").format(count=wording.number(count_bytes))
    return f"{amount} ({wording.duration(seconds)})" if seconds > 0 else amount
