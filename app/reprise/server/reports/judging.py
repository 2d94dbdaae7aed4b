"""What the tables say of a report, by the rule in force: the list then says what page and
certificate say, whichever rule judged the report when it came."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.planning.techniques import Method
from reprise.domain.report.done import done_at
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import Report
from reprise.domain.report.report_outcome import RULE_VERSION, own_records, proven, report_outcome
from reprise.i18n import _
from reprise.server.database import writing
from reprise.server.reports import models
from reprise.server.reports.columns import column_text, signed_columns
from reprise.server.reports.filing import (
    file_anew,
    file_under_its_key,
    is_misfiled,
    of_this,
    row,
    stored,
)
from reprise.server.reports.listed import hold, list_anew, settle, wrongly_listed
from reprise.server.reports.sound import Keys

log = logging.getLogger("reprise.server")
TELL_EACH = 500  # reports
PCS_AT_ONCE = 500
_DOUBTED_PCS = [one.value for one in Outcome if one is not Outcome.ERASED]
_DOUBTED_DRIVES = [one.value for one in DriveState if one is not DriveState.SANITIZED]


def judged(report: Report, received_at: datetime) -> dict[str, Any]:
    """The columns of `reports` that the rule decides, and when it was done."""
    return {
        "outcome": report_outcome(report).value,
        "rule": RULE_VERSION,
        "done_at": done_at(report, received_at),
    }


def drive_rows(report: Report) -> list[models.Drive]:
    """Its drives: the rule decides how many, too."""
    return [
        models.Drive(
            report_id=report.report_id,
            position=position,
            model=column_text(record.identity.model),
            serial=column_text(record.identity.serial),
            wwn=column_text(record.identity.wwn),
            size_bytes=record.identity.size_bytes,
            state=result.state.value,
            achieved=result.achieved.value,
        )
        for position, record in enumerate(own_records(report))
        for result in (proven(record),)
    ]


def judge_anew() -> Sequence[str]:
    """Each report that another rule has judged, and then each PC that is listed wrongly. In the
    caller's transaction: all of them, or none; nothing is stored of their PCs meanwhile. Those that
    are not what their station signed, or that this version cannot read: they are not listed as
    erased, and told at each start."""
    other = Q(rule__lt=RULE_VERSION) | Q(rule__gt=RULE_VERSION)  # by the index
    rows = list(models.Report.objects.filter(other).values_list("report_id", "rule", "pc"))
    rules = {report_id: rule for report_id, rule, _pc in rows}
    anew = set(rules.values()) - {-RULE_VERSION}
    doubted, keys = [], Keys()
    wrong = _all_wrongly_listed() if anew else set[int]()
    _hold({*wrong, *(pc for _id, _rule, pc in rows)})
    for done, (report_id, rule) in enumerate(rules.items()):
        if anew and done % TELL_EACH == 0:
            _tell(done, len(rules))
        still_doubted = rule == -RULE_VERSION and not _is_sound_again(report_id, keys)
        if still_doubted or _judge_one(report_id, keys) is None:
            doubted.append(report_id)
    if anew:
        for report_id in doubted:  # what others of its session say may have changed since
            _settle_one(report_id)
        for pc in wrong:
            list_anew(pc)
        _tell(len(rules), len(rules))
    return doubted


def _is_sound_again(report_id: str | bytes, keys: Keys) -> bool:
    return file_under_its_key(row(report_id), keys) or stored(report_id, keys) is not None


def _all_wrongly_listed() -> set[int]:
    wrong, last = set[int](), -1
    every = models.Pc.objects.order_by("pk").values_list("pk", flat=True)
    while some := list(every.filter(pk__gt=last)[:PCS_AT_ONCE]):
        wrong |= wrongly_listed(some)
        last = some[-1]
    return wrong


def judge_one(report_id: str | bytes) -> set[int]:
    """Whatever judged it, and wherever it was filed. The PCs that it was filed under, and is: see
    whole_pc.make_anew. Raises StorageError."""
    keys = Keys()
    with writing():
        pcs = set(row(report_id).values_list("pc", flat=True))
        _hold(pcs)
        report = _judge_one(report_id, keys)
        if report is not None:
            file_anew(report, keys)
        pcs |= set(row(report_id).values_list("pc", flat=True))
    return {pc for pc in pcs if isinstance(pc, int)}  # see settle


def list_pcs_anew(pcs: Sequence[int]) -> None:
    """Raises StorageError."""
    with writing():
        _hold(pcs)
        for pc in pcs:
            list_anew(pc)


def _hold(pcs: Iterable[object]) -> None:
    numbers = sorted({pc for pc in pcs if isinstance(pc, int)})  # see settle
    for at in range(0, len(numbers), PCS_AT_ONCE):
        hold(models.Pc.objects.filter(pk__in=numbers[at : at + PCS_AT_ONCE]))


def _judge_one(report_id: str | bytes, keys: Keys) -> Report | None:
    """None: it is not sound."""
    here = row(report_id)
    file_under_its_key(here, keys)
    received_at, before, rule = here.values_list("received_at", "done_at", "rule")[0]
    report = stored(report_id, keys)
    if report is None or received_at is None:  # see verifying
        if report is not None and is_misfiled(report, keys):  # it keeps its session's place
            file_anew(report, keys)
        _doubt(report_id)
        return None
    judgement = judged(report, received_at)
    if not isinstance(rule, int) or rule > 0:  # of what was doubted, the doubt had moved it
        _take_the_worse(judgement, before)
    here.update(**signed_columns(report), **judgement)
    models.Drive.objects.filter(report=report.report_id).delete()
    models.Drive.objects.bulk_create(drive_rows(report))
    if is_misfiled(report, keys):
        file_anew(report, keys)
    else:
        _settle_one(report.report_id)
    return report


def _take_the_worse(judgement: dict[str, Any], before: datetime | None) -> None:
    """`before`: when it was done, as the tables said. Where it says otherwise, nobody can say which
    date was altered, this one or that of the receipt, which no station signs: an erasure is the
    older, and whatever else the newer."""
    if before is not None:
        is_erased = judgement["outcome"] == Outcome.ERASED
        worse = min if is_erased else max
        judgement["done_at"] = worse(before, judgement["done_at"])


def _settle_one(report_id: str | bytes) -> None:
    """Versions before let a report silence another station's."""
    here = row(report_id)
    words = here.values_list("superseded_by", "station", "session_id", "pc")
    superseded, kid, session_id, pc = words[0]
    if superseded and not session_id:  # of no session: no report is instead of it
        here.update(superseded_by="")
    settle(kid, session_id, pc)


def _tell(done: int, all_: int) -> None:
    text = _("The rule that judges erasures has changed; reports judged anew: {done} / {all}.")
    log.info("%s", text.format(done=done, all=all_))


def is_believed(report: models.Report, drives: Sequence[models.Drive]) -> bool:
    """Of a report that cannot be read: whether the tables say more of it than what is left of one
    that was doubted."""
    return (
        report.outcome not in _DOUBTED_PCS
        or bool(report.superseded_by)
        or any(
            drive.state not in _DOUBTED_DRIVES or drive.achieved != Method.NONE for drive in drives
        )
    )


def _doubt(report_id: str | bytes) -> None:
    """Nobody can say any more that it proves an erasure; what it was told to be worse stands. It
    stays its session's, whose place it keeps: see settle. A later start looks at it again."""
    here = row(report_id)
    here.update(superseded_by="", rule=-RULE_VERSION)
    here.exclude(outcome__in=_DOUBTED_PCS).update(outcome=Outcome.UNVERIFIED.value)
    drives = of_this(models.Drive.objects.all(), report_id)
    drives.update(achieved=Method.NONE.value)
    drives.exclude(state__in=_DOUBTED_DRIVES).update(state=DriveState.UNVERIFIED.value)
    _settle_one(report_id)
