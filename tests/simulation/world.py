"""One simulated world: PCs, drives, sticks, one server, and people who visit PCs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from random import Random

from reprise import i18n
from reprise.domain.erasure.pattern import Stream
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique
from reprise.domain.report.events import (
    AttemptFinished,
    AttemptStarted,
    DriveInterrupted,
    Observation,
    ObservationKind,
)
from reprise.domain.station.unattended import Unattended
from reprise.settings import ServerSettings, Settings
from reprise.workflow.session.state import Stage
from simulation import baton as baton_module
from simulation.baton import Baton, Task
from simulation.command import Command
from simulation.counting import begun_anew
from simulation.drives import SimDrive
from simulation.oracle import Oracle, Violation
from simulation.paths import HANDLES
from simulation.pc import Boot, Pc
from simulation.server import URL, SimServer
from simulation.station import Station
from simulation.stick import Stick
from simulation.story import Story
from simulation.visit import Visit


def serial_of(drive: SimDrive) -> str | None:
    return drive.units()[0].identity.serial


def _looks_on(seen: Observation) -> list[str]:
    """The job that a session was re-attached to."""
    return [str(seen.detail["job_id"])] if seen.kind is ObservationKind.REATTACHED else []


class World:
    def __init__(self, seed: int, folder: Path, eager: float, policy: Policy) -> None:
        i18n.set_language("en")
        self.baton = Baton(seed, eager)
        baton_module.THE[:] = [self.baton]
        HANDLES.reset()
        self.random = Random(seed ^ 0x5EED)  # noqa: S311
        self.policy = policy
        self.story = Story()
        self.oracle = Oracle(self)
        self.server = SimServer(folder)
        self.pcs: list[Pc] = []
        self.sticks: list[Stick] = []
        self.drives: list[SimDrive] = []
        self.visits: list[Visit] = []
        self.commands: list[Command] = []
        self.unattended: frozenset[int] = frozenset()  # of sticks
        # drive -> its generation when it got a new system, and the stick that knows of it
        self.installed: dict[int, tuple[int, int]] = {}
        self.counts = self.baton.counts
        self.due: list[Pc] = []
        self.enroll_all = False
        self._enrolled: set[bytes] = set()
        self._looked_on: Counter[str] = Counter()  # of a job: sessions that were re-attached to it

    def close(self) -> None:
        for pc in self.pcs:
            if pc.on:
                self.cut(pc)
        self.server.close()
        self.baton.over = True

    # what ports ask

    def settings_of(self, pc: Pc) -> Settings:
        alone = pc.stick is not None and pc.stick.number in self.unattended
        return Settings(
            server=ServerSettings(url=URL),
            auto=replace(Unattended(), erase=alone, power_off=alone),
        )

    def visit_of(self, pc: Pc) -> Visit | None:
        living = (one for one in reversed(self.visits) if one.pc is pc)
        return next((one for one in living if not one.station.boot.dead), None)

    def commanded(self, pc: Pc) -> frozenset[int]:
        """Drives that somebody gave to a command on this PC, and it is still at work."""
        mine = (one for one in self.commands if one.pc is pc and not one.task.done)
        return frozenset(one.drive.number for one in mine)

    def command_report(self, report_id: str) -> bytes | None:
        name = f"reports/{report_id}.jws"
        memories = [(f"/run/reprise/memory/{name}", one.boot.memory) for one in self.commands]
        for path, volume in [*((f"/{name}", stick.volume) for stick in self.sticks), *memories]:
            node = volume.names.get(path)
            if node is not None and node.data:
                return bytes(node.data)
        return None

    def happens(self, pc: Pc, drive: SimDrive, what: str) -> None:
        """In the middle of a transfer or a command."""
        if what == "cut":
            self.story.tell(f"the power of {pc.word} goes in the middle of a transfer")
            self.cut(pc)
        elif what == "unplug":
            self.story.tell(f"somebody pulls {drive.word} out of {pc.word}")
            pc.unplug(drive)
        elif what == "shrink":
            self.story.tell(f"{drive.word} tells a smaller size")
            pc.kernel.shrink(drive)
        elif what == "swap":
            loose = self.loose(pc)
            pc.unplug(drive)
            self.story.tell(f"somebody pulls {drive.word} out of {pc.word}")
            if loose:
                self.story.tell(f"and puts {loose[0].word} where it was")
                pc.plug(loose[0])

    def loose(self, pc: Pc | None = None) -> list[SimDrive]:
        """Drives in a drawer. For `pc`, without those that nobody could tell from one that was
        confirmed there."""
        found = [one for one in self.drives if not any(one in pc.slots for pc in self.pcs)]
        visit = None if pc is None else self.visit_of(pc)
        if visit is None:
            return found
        keys = visit.state.confirmed
        serials = {serial_of(visit.hardware[key]) for key in keys if key in visit.hardware}
        return [one for one in found if serial_of(one) not in serials]

    def switched_off(self, pc: Pc) -> None:
        """By the engine itself: what was going on has ended."""
        if pc.stick is not None:
            pc.stick.volume.unmount()
        self.due.append(pc)

    # people

    def start(self, pc: Pc, stick: Stick | None) -> Visit:
        if stick is not None:
            pc.stick = stick
            stick.plugged()
        boot: Boot = pc.power_on()
        visit = Visit(len(self.visits) + 1, pc, Station(pc, boot))
        self.visits.append(visit)
        self.counts["act: start"] += 1
        return visit

    def cut(self, pc: Pc) -> None:
        visit = self.visit_of(pc)
        if visit is not None:
            self._count(visit)
            self._note_install(visit)
            visit.ended = True
        pc.power_off()

    def cut_in_file(self, pc: Pc) -> None:
        self.story.tell(f"the power of {pc.word} goes while its stick is written")
        self.counts["happens: cut at file"] += 1
        self.cut(pc)

    def restart(self, visit: Visit) -> None:
        """The service begins again, in the same memory."""
        self._count(visit)
        self._note_install(visit)
        visit.ended = True
        visit.station.end()
        boot = visit.station.boot
        self.visits.append(Visit(len(self.visits) + 1, visit.pc, Station(visit.pc, boot)))
        self.counts["act: restart of the service"] += 1

    def enroll(self) -> None:
        for volume in [
            *(s.volume for s in self.sticks),
            *(p.boot.memory for p in self.pcs if p.boot),
        ]:
            for path, node in sorted(volume.names.items()):
                if (
                    path.endswith(".pub.pem")
                    and node.data
                    and bytes(node.data) not in self._enrolled
                ):
                    self._enrolled.add(bytes(node.data))
                    self.server.enroll(path.rpartition("/")[2], bytes(node.data))

    def living(self) -> Iterable[Visit]:
        return [one for one in self.visits if not one.station.boot.dead]

    def run(self, until: Callable[[], bool] | None, limit_s: float, steps: int = 1 << 30) -> bool:
        """Let everything go on; the oracle looks after every step that changed something."""
        check = until or (lambda: False)
        end = self.baton.steps + steps

        living, known = self.living(), len(self.visits)

        def done() -> bool:
            nonlocal living, known
            if len(self.visits) != known or any(one.ended for one in living):
                living, known = self.living(), len(self.visits)
            for visit in living:
                if visit.station.engine.state is not visit.seen:
                    visit.note_hardware()
            self.oracle.look(living)
            while self.due:
                self.cut(self.due.pop())
            if self.oracle.violations:
                raise self.oracle.violations[0]
            if self.baton.unhandled:
                name, error = self.baton.unhandled[0]
                raise Violation("a thread died", f"{name}: {error!r}") from error
            return self.baton.steps >= end or check()

        return self.baton.run(done, limit_s) and check()

    def ask(self, visit: Visit, name: str, ask: Callable[[], object]) -> Task:
        return visit.station.ask(name, ask)

    def _note_install(self, visit: Visit) -> None:
        """What was installed whole, and the stick knows it."""
        install, stick = visit.state.install, visit.pc.stick
        drive = None if install is None else visit.hardware.get(install.drive)
        if install is None or not install.ok or drive is None or stick is None:
            return
        journal = stick.volume.durable.get(f"/journal/{visit.session_id}.jsonl")
        if journal is not None and b"InstallFinished" in (journal.durable or b""):
            self.installed[drive.number] = (drive.generation, stick.number)

    def _count(self, visit: Visit) -> None:
        if visit.ended:
            return
        kind = "sealed" if visit.state.stage is Stage.SEALED else "cut"
        self.counts[f"session: {kind}"] += 1
        techniques: dict[str, str] = {}
        streams: dict[str, Stream] = {}
        session = visit.station.engine._session
        events = [one.event for one in session.so_far()[1]] if session is not None else []
        self.counts.update(begun_anew(events))
        for event in events:
            if isinstance(event, AttemptStarted):
                streams[event.job_id] = event.stream
                self.counts[f"stream: {event.stream} goes on"] += event.resumed_from_bytes > 0
            elif isinstance(event, AttemptFinished):
                self.counts[f"{event.technique} {event.verdict}"] += 1
                again = self._looked_on[event.job_id] > 1
                self.counts[f"re-attached again {event.verdict}"] += again
                if event.technique is Technique.OVERWRITE:
                    self.counts[f"stream: {streams[event.job_id]} {event.verdict}"] += 1
            elif isinstance(event, DriveInterrupted):
                self.counts[f"interrupted: {event.cause}"] += 1
            elif isinstance(event, Observation):
                techniques[event.kind] = ""
                self._looked_on.update(_looks_on(event))
        for kind in techniques:
            self.counts[f"seen: {kind}"] += 1
