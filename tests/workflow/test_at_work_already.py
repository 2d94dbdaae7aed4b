"""A drive that sanitizes itself when it is looked at: what is ours is gone on with, whatever is not
is waited for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise import wording
from reprise.domain.drives.capabilities import (
    AtaCapabilities,
    Capabilities,
    NvmeCapabilities,
    SanitizeState,
    Support,
)
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.plan import RefusalCode
from reprise.domain.planning.planner import PlanRequest
from reprise.domain.planning.policy import Policy
from reprise.domain.report import events as ev
from reprise.errors import RefusedError
from reprise.workflow.erasure.planning import plan_named
from reprise.workflow.past.order import Journal
from reprise.workflow.past.sessions import Earlier, find_earlier
from reprise.workflow.session.session import Session
from station_kit.machines import laptop
from station_kit.ports import FakeProbe, Kit
from unit.adapters.delivery.delivery_samples import stamped as lines
from unit.adapters.delivery.delivery_samples import started
from workflow.test_cut_off_before import BLOCK, CRYPTO, CUT, CUT_EARLY, DRIVE, KIND, began, seen
from workflow.test_session import run

AT_WORK = SanitizeState.RUNNING
NVME = NvmeCapabilities(sanitize_crypto=Support.YES, namespace_id=1, namespaces=1)
ATA = AtaCapabilities(sanitize=Support.YES, sanitize_crypto=Support.YES, known=True)


class Busy(FakeProbe):
    state = AT_WORK
    part = "nvme"

    def probe_capabilities(self, drive: Drive) -> Capabilities:
        if self.part == "nvme":
            return Capabilities(nvme=replace(NVME, sanitize_state=self.state))
        return Capabilities(ata=replace(ATA, sanitize_state=self.state))


def journal(name: str, after: tuple[str, ...], *events: ev.Event) -> Journal:
    return name, lines(started(session_id=name, after=after), *events)


FIRST = journal("one", (), *CUT)
LOOKED_ON = journal(
    "two",
    ("one",),
    began(CRYPTO, "j2"),
    *seen(KIND.REATTACHED, job_id="j2"),
    *seen(KIND.CANARIES_PLANTED, earlier="1"),
    *seen(KIND.COMMAND_RUNNING),
)
HARMED = journal("two", ("one",), began(BLOCK, "j3"))
EARLY = journal("one", (), *CUT_EARLY)


def station(*journals: Journal, part: str = "nvme") -> tuple[Kit, Busy]:
    kit = Kit(laptop(DRIVE))
    kit.earlier = find_earlier(journals)
    kit.found = kit.earlier.interrupted
    kit.probe = probe = Busy(laptop(DRIVE))
    probe.part = part
    return kit, probe


@pytest.mark.parametrize("journals", [(FIRST,), (FIRST, LOOKED_ON)])
def test_ours_is_gone_on_with_after_each_cut(journals: tuple[Journal, ...]) -> None:
    kit, _probe = station(*journals)
    run(kit)
    jobs = [(job.attempt.technique, job.job_id, job.reattach) for job in kit.sanitizer.jobs]
    assert jobs[0] == (CRYPTO.technique, "j2", True)


@pytest.mark.parametrize("part", ["nvme", "ata"])
@pytest.mark.parametrize("journals", [(), (EARLY,), (FIRST, HARMED)])
def test_any_other_is_waited_for_and_then_planned(journals: tuple[Journal, ...], part: str) -> None:
    """Another stick's, say; nothing is sent to it meanwhile."""
    kit, probe = station(*journals, part=part)
    session = Session(kit.services(), lambda _state: None)
    session.start()
    for _look in range(2):
        session.look()
        (view,) = session.state.drives
        assert view.state is DriveState.REFUSED
        assert view.plan is not None
        assert [refusal.code for refusal in view.plan.refusals] == [RefusalCode.SANITIZING]
        assert wording.advice_for_refusals(view.plan.refusals)
        with pytest.raises(RefusedError):
            session.confirm(session.state.digest)
    for probe.state in (SanitizeState.SUCCEEDED, SanitizeState.FAILED, SanitizeState.IDLE):
        session.look()
        (view,) = session.state.drives
        assert view.state is DriveState.PLANNED
        assert view.plan is not None and view.plan.attempts
    session.confirm(session.state.digest)
    assert not kit.sanitizer.jobs


@pytest.mark.parametrize("ours", [False, True])
def test_the_command_line_does_the_same(*, ours: bool) -> None:
    _kit, probe = station()
    left = (find_earlier([FIRST]) if ours else Earlier()).interrupted
    wish = PlanRequest()
    _drive, plan = plan_named(DRIVE.node, laptop(DRIVE), probe, Policy(), wish, interrupted=left)
    assert plan.drives[0].refused is not ours
