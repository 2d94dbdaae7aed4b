"""What a document says of one drive: who it is, what was done and seen, what is not proven."""

from __future__ import annotations

import os

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer

from reprise import wording
from reprise.documents import parts, style
from reprise.documents.hidden import hidden_facts
from reprise.documents.parts import Fact
from reprise.documents.people import donor_fact
from reprise.documents.regenerate import check_flowables
from reprise.documents.tagged_parts import Words
from reprise.documents.text import bold, escaped
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Drive, Health
from reprise.domain.planning.techniques import Method, Technique
from reprise.domain.report.outcome import Outcome, pc_outcome
from reprise.domain.report.report import AttemptRecord, DriveRecord, Report
from reprise.domain.report.report_outcome import in_scope, proven
from reprise.domain.report.told import ToldDrive
from reprise.i18n import _, pgettext
from reprise.system_words import system_words
from reprise.wording.volumes import volume_kinds

_CONTENT = ("partitions", "partition_table", "fs_type")  # facts of what a drive held
_REASONS_SHOWN = 6  # in the summary
_ERRORS_SHOWN = 40  # the JSON has them all; a page of them tells a reader enough


def drive_words(record: ToldDrive) -> str:
    """The verdict in words. The Reprise stick is "not concerned", not a failure."""
    if not in_scope(record):
        return _("Not concerned")
    state = proven(record).state
    return _("NOT VERIFIED") if state is DriveState.UNVERIFIED else wording.state(state)


def drive_symbol(record: ToldDrive) -> Outcome:
    own = [proven(record).state] if in_scope(record) else []
    return pc_outcome(own, out_of_reach=False)


def few_reasons(record: ToldDrive) -> list[str]:
    """One drive may carry hundreds of volumes, each of which is a reason."""
    told = list(wording.refusals(record.refusals))
    more = _("… and {count} more, in the details of the drive.")
    left = len(told) - _REASONS_SHOWN
    return [*told[:_REASONS_SHOWN], more.format(count=wording.number(left))] if left > 1 else told


def _why_unknown(drive: Drive | None, *names: str) -> str:
    if drive is None:
        return _("the drive was not inventoried")
    reason = next((drive.unknown[name] for name in names if name in drive.unknown), None)
    return _("no reason given") if reason is None else wording.code(reason)


def _known(label: str, value: object | None, drive: Drive | None, *names: str) -> Fact:
    if value in (None, ""):
        return (label, None, _why_unknown(drive, *names))
    return (label, str(value), "")


def _identity_facts(report: Report, record: DriveRecord, drive: Drive | None) -> list[Fact]:
    who = record.identity
    size = f"{wording.size(who.size_bytes)} ({wording.number(who.size_bytes)} " + _("bytes") + ")"
    size, no_size = size if who.size_bytes else "", pgettext("size", "unknown")
    return [
        _known(_("Manufacturer"), drive and drive.vendor, drive, "vendor"),
        _known(_("Model"), who.model, drive, "identity.model"),
        _known(_("Serial number"), who.serial, drive, "identity.serial"),
        _known(_("WWN / EUI"), who.wwn, drive, "identity.wwn"),
        _known(_("Firmware"), drive and drive.firmware, drive, "firmware"),
        parts.lacking(_known(_("Size"), size, drive, "identity.size_bytes"), no_size),
        _known(_("Media type"), _media(drive), drive),
        parts.lacking(
            _known(_("Health before"), _health(drive), drive, "smart.health", "smart"),
            pgettext("health", "unknown"),
        ),
        _known(_("Content before"), _content(drive), drive, *_CONTENT),
        donor_fact(report.operator),
    ]


def _media(drive: Drive | None) -> str | None:
    if drive is None:
        return None
    turns = wording.number(drive.rotation_rpm) + " " + _("rpm") if drive.rotation_rpm else ""
    return wording.join((wording.media(drive.media), wording.transport(drive.transport), turns))


def _health(drive: Drive | None) -> str | None:
    if drive is None:
        return None
    smart = drive.smart
    if smart.health is Health.UNKNOWN and smart.power_on_hours is None:
        return None
    hours, moved = smart.power_on_hours, smart.reallocated_sectors
    more = (
        "" if hours is None else _("{hours} h in use").format(hours=wording.number(hours)),
        ""
        if moved is None
        else _("{count} reallocated sectors").format(count=wording.number(moved)),
    )
    return wording.join((wording.health(smart.health), *more))


def _content(drive: Drive | None) -> str | None:
    """Kinds only: names of partitions may be personal data."""
    if drive is None:
        return None
    kinds = volume_kinds(drive)
    if drive.partition_table:
        return wording.join((drive.partition_table.upper(), kinds))
    if kinds:
        return kinds
    if any(name in drive.unknown for name in _CONTENT):
        return None
    return _("no partition table or file system found")


def _method(value: Method) -> str:
    words = _("{method}: {gloss}.")
    return words.format(method=wording.method(value), gloss=wording.method_gloss(value))


def tool(report: Report) -> str:
    """The tool and its version, as SP 800-88 asks."""
    station = report.station
    text = f"Reprise {station.version}"
    if station.image_version:
        text += ", " + _("image") + f" {station.image_version}"
    return text


def _span(done: int, whole: int) -> str:
    return _("{done} of {whole} bytes ({share})").format(
        done=wording.number(done), whole=wording.number(whole), share=wording.percent(done, whole)
    )


def _attempt_facts(report: Report, drive: DriveRecord, record: AttemptRecord) -> list[Fact]:
    whole = drive.found_bytes
    trust = "" if report.clock.trusted else _("clock not trusted")
    pending = _("the attempt was not completed")
    overwrite = record.attempt.technique is Technique.OVERWRITE
    rows: list[Fact] = [
        (_("Technique"), wording.technique(record.attempt.technique), ""),
        (_("Tool"), tool(report), ""),
        (_("Target method"), wording.method(record.attempt.claims), ""),
        (_("Method achieved"), wording.method(record.achieved), ""),
        (_("Verification"), wording.depth(record.attempt.verify), ""),
        (_("Read back"), _span(record.verified_bytes, whole), ""),
        (_("Started"), wording.moment(record.started_at), trust),
    ]
    if record.finished_at:
        rows.append((_("Finished"), wording.moment(record.finished_at), trust))
    else:
        rows.append((_("Finished"), None, pending))
    if record.duration_s is not None:
        rows.append((_("Duration"), wording.duration(record.duration_s), ""))
    if overwrite:
        rows.insert(5, (_("Written"), _span(record.written_bytes, whole), ""))
    if record.resumed_from_bytes:
        from_byte = wording.number(record.resumed_from_bytes)
        rows.append((_("Resumed from byte"), from_byte, ""))
    if record.interrupted:
        rows.append((_("Interrupted by"), wording.code(record.interrupted), ""))
    return rows


def _errors(record: AttemptRecord) -> list[Flowable]:
    if not record.medium_errors:
        return []
    rows = [
        [
            parts.text(wording.code(error.operation), style.CELL),
            parts.text(
                f"{wording.number(error.first_lba)} – "
                f"{wording.number(error.first_lba + error.count - 1)}",
                style.CELL,
            ),
            parts.text(wording.number(error.count), style.CELL),
            parts.text(system_words(os.strerror(error.errno)), style.CELL),
        ]
        for error in record.medium_errors[:_ERRORS_SHOWN]
    ]
    header = (_("Medium errors"), _("LBA range"), _("Sectors"), _("Error"))
    widths = [style.WIDTH / len(header)] * len(header)
    content: list[Flowable] = [Spacer(0, 3), parts.grid(header, rows, widths)]
    left = len(record.medium_errors) - _ERRORS_SHOWN
    if left > 0:
        more = _("… and {count} more ranges, listed in the signed report.")
        content.append(parts.text(more.format(count=wording.number(left)), style.SMALL))
    return content


def _commands(record: AttemptRecord) -> list[Flowable]:
    if not record.commands:
        return []
    lines = [
        f"{command.get('argv', '?')} => {command.get('exit_code', '?')}"
        for command in record.commands
    ]
    return [parts.text(_("Commands and exit codes:"), style.LEAD), *parts.bullets(lines)]


def attempt_flowables(
    report: Report, drive: DriveRecord, record: AttemptRecord, number: int
) -> list[Flowable]:
    verdict = wording.verdict(record.verdict)
    title = _("Attempt {number}").format(number=number)
    head = Words(f"{bold(title)} – {escaped(verdict)}", style.ATTEMPT)
    table = parts.facts(_attempt_facts(report, drive, record), _("unknown"))
    content: list[Flowable] = [Spacer(0, 4), KeepTogether([head, Spacer(0, 2), table])]
    seen = [wording.code(reason) for reason in record.reasons]
    if seen:
        content += [parts.text(_("Reasons for this verdict:"), style.LEAD), *parts.bullets(seen)]
    before = [wording.observation(observation) for observation in record.earlier]
    if before:
        content += [parts.text(_("Observed in an earlier session:"), style.LEAD)]
        content += parts.bullets(before)
    observed = [wording.observation(observation) for observation in record.observations]
    if observed:
        content += [parts.text(_("Observations:"), style.LEAD), *parts.bullets(observed)]
    return [*content, *_errors(record), *_commands(record), *check_flowables(drive, record)]


def advice_for(record: ToldDrive) -> str:
    """What to do about a drive that was not erased; "" where nothing is."""
    if record.refusals:
        return wording.advice_for_refusals(record.refusals)
    result = proven(record)
    return (
        "" if result.state is DriveState.SANITIZED else wording.advice_for_reasons(result.reasons)
    )


def _for_all_attempts(record: ToldDrive) -> list[Flowable]:
    """Why the drive came to something else than its last attempt alone."""
    last = record.attempts[-1].reasons if record.attempts else ()
    more = [code for code in proven(record).reasons if code not in last]
    if not record.attempts or not more:
        return []
    lead = parts.text(_("Of all attempts together:"), style.LEAD)
    return [Spacer(0, 3), lead, *parts.bullets([wording.code(code) for code in more])]


def limitations(record: ToldDrive) -> list[str]:
    """What cannot be proven of this drive, in words, as the report says and as today's rule does;
    never empty."""
    codes = dict.fromkeys((*record.limitations, *proven(record).limitations))
    known = [wording.code(code) for code in codes]
    return known or [_("the report states no limitation; that is no proof that there is none")]


def drive_flowables(report: Report, record: ToldDrive, number: int) -> list[Flowable]:
    """The details of one drive, in reading order."""
    drive = record.facts
    symbol = drive_symbol(record)
    name = record.identity.model or _("unknown model")
    serial = record.identity.serial or record.identity.wwn
    named = f"{number}. {name}" + (" – " + _("S/N") + f" {serial}" if serial else "")
    heading = parts.text(named, style.DRIVE)
    facts = [*_identity_facts(report, record, drive), *hidden_facts(record, drive, report.plan)]
    content: list[Flowable] = [
        CondPageBreak(160),
        Spacer(0, 8),
        KeepTogether(
            [
                heading,
                Spacer(0, 2),
                parts.stamp(symbol, drive_words(record)),
                Spacer(0, 3),
                parts.facts(facts, _("unknown")),
            ]
        ),
    ]
    if record.attempts:
        achieved = proven(record).achieved
        content += [Spacer(0, 3), parts.text(_method(achieved), style.BODY)]
    for reason in wording.refusals(record.refusals):
        why = _("Not touched: {reason}.").format(reason=reason)
        content.append(parts.text(why, style.BODY))
    if advice := advice_for(record):
        words = _("What to do: {advice}").format(advice=advice)
        content.append(parts.text(words, style.BODY))
    if not record.attempts and not record.refusals:
        content.append(parts.text(_("Not touched: no erasure was started on this drive.")))
    for index, attempt in enumerate(record.attempts, start=1):
        content += attempt_flowables(report, record, attempt, index)
    content += _for_all_attempts(record)
    if record.attempts:
        label = parts.text(_("What cannot be proven:"), style.LEAD)
        content += [Spacer(0, 3), label, *parts.bullets(limitations(record))]
    return content
