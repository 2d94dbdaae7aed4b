"""Looks into the cells and at every copy of the truth, and says where they do not fit together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from reprise.adapters.signing.jws import split_jws
from reprise.codec import from_json
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.placeholders import is_told_apart
from reprise.domain.planning.techniques import Method
from reprise.domain.report.one_session import truth, word_of
from reprise.domain.report.report import Report
from reprise.workflow.engine.engine import Engine
from reprise.workflow.session.came_to import proof_is_safe
from reprise.workflow.session.state import SessionState, Stage
from simulation import copies, pasts, whole
from simulation.cells import Left, Place
from simulation.drives import SimDrive
from simulation.stick import READY

if TYPE_CHECKING:
    from simulation.command import Command
    from simulation.pc import Pc
    from simulation.stick import Stick
    from simulation.visit import Visit
    from simulation.world import World


class Violation(AssertionError):  # noqa: N818 - of a rule
    """What must never be was."""

    def __init__(self, rule: str, text: str) -> None:
        super().__init__(f"{rule}: {text}")
        self.rule = rule


class Oracle:
    def __init__(self, world: World) -> None:
        self._world = world
        self.reports: dict[str, dict[str, bytes]] = {}  # session -> report id -> bytes
        self.looks = 0
        self.keys: dict[int, bytes] = {}  # of each stick, the first that lasted
        self.violations: list[Violation] = []

    def violate(self, rule: str, text: str) -> None:
        """Noted first: what runs here may catch what is raised in it."""
        self.violations.append(Violation(rule, text))

    # while it happens

    def touched(self, pc: Pc, drive: SimDrive) -> None:
        """`drive` is being written to, or was told to change, by what runs on `pc`."""
        visit = self._world.visit_of(pc)
        if not pc.on:  # the power went with the command that was under way
            return
        if visit is not None and visit.installing_on(drive):
            return
        allowed = visit.confirmed_hardware() if visit is not None else frozenset()
        if drive.number in self._world.commanded(pc):
            self._world.installed.pop(drive.number, None)
            return
        if drive.number not in allowed:
            self.violate("outside the plan", f"{drive.word} was written to by {pc.word}")
        elif visit is not None and visit.alone and drive.number not in visit.touched:
            self._unattended(visit, drive)
        if visit is None:
            return
        if drive.number not in visit.touched:
            self._world.counts.update(f"fault: {trait}" for trait in drive.deck.traits)
        visit.touched.add(drive.number)
        self._world.installed.pop(drive.number, None)  # a person had it wiped

    def _unattended(self, visit: Visit, drive: SimDrive) -> None:
        """Nobody looked: what already has its new system must not be wiped. A drive that goes by
        another number since is another one to everybody."""
        system = self._world.installed.get(drive.number)
        stick = visit.pc.stick
        known = stick is not None and system == (drive.generation, stick.number)
        known = known and drive.renamed_s is None
        if known:
            text = f"{visit.word}, unattended, wipes the new system of {drive.word}"
            self.violate("new system wiped", text)

    def key(self, stick: Stick) -> None:
        """A station's key is never replaced: the server knows its public half."""
        pem = stick.volume.durable.get("/station.key.pem")
        if pem is None or not pem.durable:
            return
        first = self.keys.setdefault(stick.number, pem.durable)
        if first != pem.durable:
            self.violate("key", f"{stick.word} has another key than before")

    # after every step

    def look(self, visits: Iterable[Visit]) -> None:
        self.looks += 1
        for stick in self._world.sticks:
            if stick.volume.synced != stick.looked_at:
                stick.looked_at = stick.volume.synced
                self.key(stick)
        for visit in visits:
            engine = visit.station.engine
            if engine.state is not visit.seen:
                visit.seen = engine.state
                self._state(visit, engine, engine.state)

    def _tell(self, visit: Visit, state: SessionState) -> None:
        for view in state.drives:
            drive = visit.hardware.get(view.key)
            who = drive.word if drive is not None else view.drive.node
            by = f" by {view.attempt.technique}" if view.attempt is not None else ""
            text = f"{visit.word}: {who} is {view.state}{by} {view.achieved} {view.cause}".rstrip()
            if visit.told.get(view.key) != text:
                visit.told[view.key] = text
                self._world.story.tell(f"    {text} {', '.join(view.reasons)}".rstrip())
        if state.sealed is not None and "" not in visit.told:
            visit.told[""] = f"{visit.word}: the report {state.sealed.report_id[:8]} is sealed"
            self._world.story.tell(f"    {visit.told['']}")

    def _state(self, visit: Visit, engine: Engine, state: SessionState) -> None:
        self._tell(visit, state)
        if state.stage is Stage.PLANNED and state.plan is not visit.planned:
            visit.planned = state.plan
            self._past(visit, state)
        for view in state.drives:
            if view.state is DriveState.SANITIZED and view.key not in visit.believed:
                drive = visit.hardware.get(view.key)
                if drive is not None:
                    visit.believed.add(view.key)
                    self._name(visit, view.key, drive)
                    unit = visit.units.get(view.key, "")
                    self.erased(drive, unit, view.achieved, f"{visit.word}: the screen")
        if state.confirmed and state.all_final:
            self._whole({"screen": copies.of_screen(state)}, [visit], visit.word)
        if state.stage is not Stage.SEALED or visit.compared or visit.station.boot.dead:
            return
        visit.compared = True
        self._compare(visit, engine, state)

    def _past(self, visit: Visit, state: SessionState) -> None:
        """A drive whose newest attempt on this stick has no end is said to be interrupted."""
        stick = visit.pc.stick
        if stick is None or stick.bad_reads or stick.state != READY:
            return
        told = {ran.drive.number for ran in self._world.commands}  # their journals are others
        for view in state.erasable:
            drive = visit.hardware.get(view.key)
            if drive is None or drive.number in told:
                continue
            memory = visit.station.boot.memory
            left = pasts.unended(view.key, stick, memory, self._world.visits)
            if left and is_told_apart(view.identity) and not view.past.interrupted:
                text = f"{visit.word}: {view.key} was left without an end by {left}"
                self.violate("past forgotten", text)

    def _name(self, visit: Visit, key: str, drive: SimDrive) -> None:
        """What gave another name before its last attempt is never called erased by the old one."""
        if not drive.asked:
            return
        began_s = visit.last_attempt_s(key)
        if any(unit.identity.serial and unit.identity.serial in key for unit in drive.units()):
            return
        if drive.renamed_s is not None and began_s is not None and drive.renamed_s < began_s:
            text = f"{visit.word}: {drive.word} is erased by the name that it had before"
            self.violate("another name", text)

    def erased(self, drive: SimDrive, unit: str, achieved: Method, who: str) -> None:
        """Somebody says that this drive is erased; `unit`: what of it the node shows."""
        mine = (one for one in drive.left() if one.unit in ("", unit))
        wrong = [one for one in mine if self._counts(drive, one, achieved)]
        if wrong:
            where = ", ".join(f"{one.sectors} sectors in {one.area}" for one in wrong)
            self.violate("erased", f"{who} says so of {drive.word} ({achieved}): {where}")

    def _counts(self, drive: SimDrive, left: Left, achieved: Method) -> bool:
        if left.place in drive.deck.hidden_lies:
            return False
        return left.place is not Place.SPARE or achieved is Method.PURGE

    def _compare(self, visit: Visit, engine: Engine, state: SessionState) -> None:
        """Screen, plain lines, report and certificate of one session."""
        assert state.sealed is not None
        jws = visit.report_bytes(state.sealed.report_id)
        if jws is None:
            self.violate("lost", f"{visit.word} is sealed, and its report is nowhere")
            return
        told = {
            "screen": copies.of_screen(state),
            "plain lines": copies.of_lines(engine.status, state),
            "report": copies.of_report(report_of(jws)),
            "server": copies.of_server(report_of(jws)),
        }
        self.agree(told, visit.word)
        self._whole(told, [visit], visit.word)
        self.known(state.started.session_id if state.started else "", jws)

    def safe(self, visit: Visit) -> None:
        """Where the screen says that the PC may lose its power, the report must outlive it."""
        engine, state = visit.station.engine, visit.state
        status = engine.status
        if state.sealed is None or not proof_is_safe(state, status.stick, status.outbox):
            return
        report_id = state.sealed.report_id
        kept = any(stick.keeps(f"/reports/{report_id}.jws") for stick in self._world.sticks)
        if not kept and report_id not in self._world.server.rows():
            self.violate("lost", f"{visit.word}: the report is called safe and is nowhere")

    def command(self, ran: Command) -> None:
        """Its exit code against its report and the cells."""
        jws = self._world.command_report(ran.report_id) if ran.report_id else None
        if ran.code == 0 and jws is None:
            self.violate("lost", f"`reprise erase` says 0, and there is no report {ran.report_id}")
        if jws is None:
            return
        report = report_of(jws)
        told = copies.of_report(report)
        self._not_news(ran, report)
        for record in report.drives:
            for attempt in record.attempts:
                end = attempt.verdict or "no end"
                self._world.counts[f"{attempt.attempt.technique} {end}"] += 1
            if told.drives.get(record.identity.key):
                self.erased(ran.drive, ran.unit, record.achieved, "`reprise erase`")
        if told.pc_erased:
            for wrong in whole.not_erased(ran.met(), ran.pc, set()):
                self.violate("PC erased", f"`reprise erase` says so of {ran.pc.word}: {wrong}")
        if (ran.code == 0) != any(told.drives.values()):
            text = f"`reprise erase` ended with {ran.code}: {told.words} {told.drives}"
            self.violate("contradiction", text)

    def _not_news(self, ran: Command, report: Report) -> None:
        mine = {unit.identity.serial for unit in ran.drive.units()} - {None}
        if ran.code == 0 and any(place.detail in mine for place in report.vanished):
            self.violate("contradiction", f"{ran.drive.word} is erased, and came up since")

    def _whole(self, told: dict[str, copies.Told], visits: list[Visit], who: str) -> None:
        """Whoever calls the PC erased speaks of all that the session's looks met in it."""
        for name in (name for name, copy in told.items() if copy.pc_erased):
            for visit in (one for one in visits if name not in one.whole):
                visit.whole.add(name)
                self._world.counts["the PC is called erased"] += 1
                for wrong in whole.left_of(visit):
                    self.violate("PC erased", f"{who}: {name}: {wrong}")

    def agree(self, told: dict[str, copies.Told], who: str) -> None:
        first, *others = told.items()
        for name, copy in others:
            if copy.pc_erased != first[1].pc_erased:
                text = ", ".join(f"{name}: {one.words}" for name, one in told.items())
                self.violate("contradiction", f"{who}: {text}")
            for key in copy.drives.keys() & first[1].drives.keys():
                if copy.drives[key] != first[1].drives[key]:
                    text = f"{first[0]} {first[1].drives[key]}, {name} {copy.drives[key]}"
                    self.violate("contradiction", f"{who}: of {key}: {text}")

    def arrived(self, report_id: str, word: str, jws: bytes) -> None:
        """What the server says of a report that it has, against the report and the cells."""
        report = report_of(jws)
        told = copies.of_report(report)
        server = copies.of_word(word)
        both = {"report": told, "server": server}
        self.agree(both, f"report {report_id[:8]} at the server")
        mine = [one for one in self._world.visits if one.session_id == report.session_id]
        self._whole(both, mine, f"report {report_id[:8]} at the server")
        self.known(report.session_id, jws)
        visits = {v.session_id: v for v in self._world.visits if v.session_id}
        visit = visits.get(report.session_id)
        if visit is None:
            return
        for record in report.drives:
            drive = visit.hardware.get(record.identity.key)
            if drive is None or visit.generations[drive.number] != drive.generation:
                continue
            if told.drives.get(record.identity.key):
                unit = visit.units.get(record.identity.key, "")
                self.erased(drive, unit, record.achieved, f"report {report_id[:8]}")

    def known(self, session: str, jws: bytes) -> None:
        """One session never has two reports that contradict each other: one that was made of a
        journal that breaks off says so, and never says more than the one that counts."""
        report = report_of(jws)
        mine = self.reports.setdefault(session, {})
        mine[report.report_id] = jws
        reports = [report_of(one) for one in mine.values()]
        counts = truth(word_of(one) for one in reports)
        best = next(copies.of_report(one) for one in reports if one.report_id == counts)
        for one in reports:
            told = copies.of_report(one)
            more = [key for key, erased in told.drives.items() if erased > best.drives.get(key, 0)]
            if not word_of(one).left:
                self.agree({counts: best, one.report_id: told}, f"reports of {session[:8]}")
            elif more or told.pc_erased > best.pc_erased:
                text = f"{one.report_id} says more than {counts}: {told.words}, {best.words}"
                self.violate("contradiction", text)


def report_of(jws: bytes) -> Report:
    return from_json(split_jws(jws)[1], Report)
