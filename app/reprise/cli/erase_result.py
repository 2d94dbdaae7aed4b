"""What `reprise erase` says at its end, on one line."""

from __future__ import annotations

from pathlib import Path

from reprise import wording
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.plan import Refusal, RefusalCode
from reprise.domain.report.outcome import DriveResult
from reprise.i18n import _
from reprise.sentences.drives import unproven


def sentence(drive: Drive, outcome: DriveResult, report_id: str, report_dir: Path | None) -> str:
    """The verdict on one line."""
    text = f"{drive.node} ({drive.identity.confirm_word}): {wording.state(outcome.state)}"
    if outcome.state is DriveState.SANITIZED:
        text += f" – {wording.method(outcome.achieved)}"
    elif outcome.reasons:
        text += f" – {_why(outcome)}"
    text += ". "
    if outcome.state is DriveState.SANITIZED and outcome.limitations:
        text += f"{unproven(outcome.limitations)}. "
    if advice := _advice(outcome):
        text += f"{advice} "
    name = f"{report_id}.jws"
    where = report_dir / name if report_dir else name
    return text + _("Report: {path}").format(path=where)


def _refused(outcome: DriveResult) -> list[Refusal]:
    """Of a refused drive the reasons are codes of another kind."""
    refused = outcome.state is DriveState.REFUSED
    return [Refusal(RefusalCode(reason)) for reason in outcome.reasons] if refused else []


def _why(outcome: DriveResult) -> str:
    """One cause; of a refusal all reasons, as none follows from another."""
    refused = _refused(outcome)
    if refused:
        return wording.series(wording.refusals(refused))
    return wording.code(wording.leading(outcome.reasons))


def _advice(outcome: DriveResult) -> str:
    refused = _refused(outcome)
    if refused:
        return wording.advice_for_refusals(refused)
    return wording.advice_for_reasons(outcome.reasons)
