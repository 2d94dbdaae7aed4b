"""A hidden area is removed, and the drive is larger: the session's word for it stays the one of its
first look, for the system that is installed there, too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Event as Flag

from reprise.domain.drives.capabilities import AtaCapabilities, Capabilities, Support
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.preparing import DrivePrepared
from reprise.domain.install.events import InstallFinished, InstallStarted
from reprise.domain.pc.hardware import Drive
from reprise.domain.report.events import Update
from reprise.domain.report.fold import fold
from reprise.ports import PrepareJob, StopFlag
from reprise.workflow.engine.port import InstallChoice
from reprise.workflow.session.session import Session
from station_kit.machines import hdd, laptop
from station_kit.ports import FakeProbe, Kit

SEEN = hdd()
SIZE = SEEN.identity.size_bytes
KEY = SEEN.identity.key
SECTORS = SIZE // 512
GROWN = replace(SEEN, identity=replace(SEEN.identity, size_bytes=2 * SIZE))
TELLS = AtaCapabilities(
    native_sectors=2 * SECTORS, hpa=Support.YES, amac=Support.NO, dco=Support.NO, known=True
)


class Probe(FakeProbe):
    grown = False

    def probe_drive(self, node: str) -> Drive:
        return GROWN if self.grown else super().probe_drive(node)

    def probe_capabilities(self, drive: Drive) -> Capabilities:
        visible = (2 if self.grown else 1) * SECTORS
        return Capabilities(ata=replace(TELLS, visible_sectors=visible))


class Uncovers:
    """ports.Preparer."""

    def __init__(self, probe: Probe) -> None:
        self._probe = probe

    def run(self, job: PrepareJob, stop: StopFlag) -> Iterator[Update]:
        self._probe.grown = True
        yield DrivePrepared(job.drive_key, job.steps, (), job.drive.node, 2 * SIZE)


def test_the_installation_is_found_by_the_word_of_the_first_look() -> None:
    kit = Kit(laptop(SEEN))
    kit.probe = probe = Probe(laptop(SEEN))
    session = Session(replace(kit.services(), preparer=Uncovers(probe)), lambda _state: None)
    session.start()
    session.look()
    session.confirm(session.state.digest)
    session.run(InstallChoice(KEY, "debian-minimal"), kit.services().install_defaults, Flag())
    (asked,) = kit.installer.requests
    assert asked.drive.identity == GROWN.identity
    told = [one.event for one in kit.journal.lines]
    assert [e.drive for e in told if isinstance(e, InstallStarted | InstallFinished)] == [KEY, KEY]
    assert session.state.install is not None
    view = session.state.drive(session.state.install.drive)
    assert view is not None and view.state is DriveState.SANITIZED
    assert session.progress[KEY].phase == "install"
    report = fold(kit.journal.lines)
    assert report.install is not None
    assert report.install.drive in [one.identity.key for one in report.drives]
