"""A PC whose controller may hide drives is never called erased as a whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.hardware import Reason
from reprise.domain.plan import Plan
from reprise.wording.outcome import Outcome, report_ok, report_outcome
from reprise.wording.outcome import hidden_storage as hidden_storage_words
from reprise.workflow.planning import hidden_storage
from unit.samples import good_report, hiding_report


@pytest.mark.parametrize(
    ("fact", "reason", "warned"),
    [
        ("storage.0000:00:17.0", Reason.HIDDEN_BY_RAID.because("remapped_nvme=1"), True),
        ("storage.0000:03:00.0", Reason.NO_DRIVER.because("class=0107"), True),
        ("storage.0000:01:00.0", Reason.NO_NAMESPACE.because("id=144d:a808"), True),
        ("storage.sda", Reason.RAID_MEMBER.because("isw_raid_member"), False),
        ("gpus.0000:00:02.0.model", Reason.NOT_REPORTED.value, False),
    ],
)
def test_a_controller_that_hides_drives_is_said_before_and_after(
    fact: str, reason: str, warned: bool
) -> None:
    report = good_report()
    assert report_ok(report)
    inventory = replace(report.inventory, unknown={fact: reason})
    warnings = hidden_storage(inventory)
    assert bool(warnings) == warned
    plan = replace(report.plan or Plan((), "default/2"), warnings=warnings)
    seen = replace(report, inventory=inventory, plan=plan)
    assert report_outcome(seen) is (Outcome.INCOMPLETE if warned else Outcome.ERASED)


def test_the_document_names_it_and_is_no_certificate() -> None:
    assert report_outcome(hiding_report()) is Outcome.INCOMPLETE
    (words,) = hidden_storage_words(hiding_report().plan)
    assert "AHCI" in words
    assert hidden_storage_words(good_report().plan) == ()
