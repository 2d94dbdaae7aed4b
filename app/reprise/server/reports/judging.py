"""What the tables say of a report, by the rule in force: the list then says what page and
certificate say, whichever rule judged the report when it came."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.planning.techniques import Method
from reprise.domain.report.done import done_at
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import Report
from reprise.domain.report.report_outcome import RULE_VERSION, own_records, proven, report_outcome
from reprise.i18n import _
from reprise.server.database import text_of, writing
from reprise.server.problems import ProblemError
from reprise.server.reports import models
from reprise.server.reports.columns import (
    column_text,
    machine_key,
    pc_row,
    session_columns,
    signed_columns,
)
from reprise.server.reports.listed import (
    DOUBTED,
    hold,
    list_after,
    list_anew,
    settle,
    wrongly_listed,
)
from reprise.server.reports.sound import (
    DamagedError,
    Keys,
    State,
    key_named_in,
    sound_report,
    state_of,
)

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
            _settle_one(report_id, anew=True)
        for pc in wrong:
            list_anew(pc)
        _tell(len(rules), len(rules))
    return doubted


def _is_sound_again(report_id: str | bytes, keys: Keys) -> bool:
    return _file_under_its_key(_row(report_id), keys) or _stored(report_id, keys) is not None


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
        pcs = set(_row(report_id).values_list("pc", flat=True))
        _hold(pcs)
        report = _judge_one(report_id, keys)
        if report is not None:
            pcs |= _file_anew(report, keys)
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


def _row(report_id: str | bytes) -> QuerySet[models.Report]:
    """Of this very number: SQLite keeps anything in any column, and Django asks for text alone."""
    return _of_this(models.Report.objects.all(), report_id)


def _of_this(rows: QuerySet[Any], report_id: str | bytes) -> QuerySet[Any]:
    """Of its table. Bytes are text that is no UTF-8, too, and never what is: see database."""
    column = f"{rows.model._meta.db_table}.report_id"
    if isinstance(report_id, bytes) and not isinstance(text_of(report_id), str):
        column = f"CAST({column} AS BLOB)"
    return rows.extra(where=[f"{column} = %s"], params=[report_id])  # noqa: S610 (ours)


def _judge_one(report_id: str | bytes, keys: Keys) -> Report | None:
    """None: it is not sound."""
    here = _row(report_id)
    _file_under_its_key(here, keys)
    received_at, session_id, rule = here.values_list("received_at", "session_id", "rule")[0]
    report = _stored(report_id, keys)
    if report is None or received_at is None:  # see verifying
        _doubt(report_id)
        return None
    here.update(**signed_columns(report), **judged(report, received_at))
    models.Drive.objects.filter(report=report.report_id).delete()
    models.Drive.objects.bulk_create(drive_rows(report))
    if not session_id and column_text(report.session_id):  # it had left its session
        _file_anew(report, keys)
    else:
        _settle_one(report.report_id, anew=isinstance(rule, int) and rule <= 0)
    return report


def _stored(report_id: str | bytes, keys: Keys) -> Report | None:
    if not isinstance(report_id, str):
        return None
    jws, sha256, kid = _row(report_id).values_list("jws", "sha256", "station").get()
    return _read(report_id, sha256, jws, kid, keys.pem(kid))


def _file_under_its_key(here: QuerySet[models.Report], keys: Keys) -> bool:
    """Where its bytes are good, and the column alone is not that says with which key: it leaves the
    session that it is filed under, and is filed anew. Whether it is so."""
    names = ("report_id", "sha256", "jws", "station", "organisation")
    report_id, sha256, jws, kid, whose = here.values_list(*names)[0]
    named = key_named_in(jws)
    if named in ("", kid) or keys.organisation(named) != whose:
        return False
    good = state_of(report_id, sha256, jws, named, keys.pem(named)) is State.GOOD
    return good and here.update(station=named, session_id="") > 0


def _file_anew(report: Report, keys: Keys) -> set[int]:
    """Under the session and the PC of which it was signed, of its station's organisation."""
    here = models.Report.objects.filter(report_id=report.report_id)
    names = ("station", "station__organisation", "received_at", "outcome", "session_id", "pc")
    kid, whose, received_at, outcome, session_before, pc_before = here.values_list(*names).get()
    columns = session_columns(report)
    session_id = columns["session_id"]
    if session_id and not columns["cut_off"]:
        columns["cut_off"] = _another_is_own(report.report_id, kid, session_id, keys)
    key = machine_key(report)
    pc = models.Pc.objects.filter(organisation=whose, machine_key=key).first()
    if pc is None:
        pc = pc_row(report, whose, received_at, outcome)
        pc.save()
    here.update(**columns, pc=pc, organisation=whose)
    settle(kid, session_id, pc.pk)
    settle(kid, session_before, pc_before)
    return {pc_before, pc.pk}


def _another_is_own(report_id: str, kid: str, session_id: str, keys: Keys) -> bool:
    """Of this station's session: of several, which 0.1 took, one counts. What is listed so and was
    not signed so leaves the place; what nobody can read leaves the session, as its last word."""
    every = models.Report.objects.filter(station=kid, session_id=session_id, cut_off=False)
    others = every.exclude(report_id=report_id)
    for other in list(others.values_list("report_id", flat=True)):
        signed = _stored(other, keys)
        columns = None if signed is None else session_columns(signed)
        if columns and columns["session_id"] == session_id and not columns["cut_off"]:
            return True
        if signed is None:
            whole = models.Report.objects.filter(station=kid, session_id=session_id)
            list_after(_row(other), whole.exclude(DOUBTED))
            _row(other).update(session_id="")
        else:
            _row(other).update(cut_off=True)
    return False


def _settle_one(report_id: str | bytes, *, anew: bool) -> None:
    """Versions before let a report silence another station's. `anew`: it counted in no session."""
    here = _row(report_id)
    words = here.values_list("superseded_by", "station", "session_id", "pc")
    superseded, kid, session_id, pc = words[0]
    if superseded and not session_id:  # of no session: no report is instead of it
        here.update(superseded_by="")
    settle(kid, session_id if superseded or anew else "", pc)


def _tell(done: int, all_: int) -> None:
    text = _("The rule that judges erasures has changed; reports judged anew: {done} / {all}.")
    log.info("%s", text.format(done=done, all=all_))


def _read(report_id: str, sha256: str, jws: object, kid: str, public_pem: str) -> Report | None:
    try:
        return sound_report(report_id, sha256, jws, kid, public_pem)
    except DamagedError as error:
        text = _(
            "Report {id} is not what its station signed ({reason}): it is kept, and not listed as "
            "erased."
        )
        kind = error.state.name.lower()
    except ProblemError as error:
        text = _(
            "Report {id} cannot be read any more ({reason}): it is kept, and not listed as erased."
        )
        kind = error.problem.kind.value  # its own words quote the report
    log.warning("%s", text.format(id=report_id, reason=kind))
    return None


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
    here = _row(report_id)
    here.update(superseded_by="", rule=-RULE_VERSION)
    here.exclude(outcome__in=_DOUBTED_PCS).update(outcome=Outcome.UNVERIFIED.value)
    drives = _of_this(models.Drive.objects.all(), report_id)
    drives.update(achieved=Method.NONE.value)
    drives.exclude(state__in=_DOUBTED_DRIVES).update(state=DriveState.UNVERIFIED.value)
    _settle_one(report_id, anew=True)
