"""A technician, by the script: starts PCs, confirms, pulls, cuts, sends. What cannot be done now is
left out, so that a script with some acts taken away is still one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from reprise.domain.pc.hardware import Transport
from reprise.domain.planning.plan import ConfirmedBy
from reprise.errors import RepriseError
from reprise.workflow.engine.port import Leave, Order, Work
from reprise.workflow.session.state import Stage
from simulation.command import Command
from simulation.elsewhere import use
from simulation.pc import Pc
from simulation.stick import READ_ONLY, READY, Stick

if TYPE_CHECKING:
    from simulation.script import Act
    from simulation.visit import Visit
    from simulation.world import World

_LONG_S = 40_000.0
_LETTERS = ("lost", "answer-lost", "503", "slow")


class Player:
    def __init__(self, world: World) -> None:
        self.world = world
        self._acts: dict[str, Callable[[Pc, Act], object]] = {
            "start": self._start,
            "until planned": self._until_planned,
            "until ended": self._until_ended,
            "wait": self._wait,
            "look": lambda pc, act: self._ask(pc, "looks again", lambda e: e.look()),
            "confirm": self._confirm,
            "stop": lambda pc, act: self._ask(pc, "stops the work", lambda e: e.stop()),
            "seal": lambda pc, act: self._ask(pc, "stores the report", lambda e: e.seal()),
            "leave": self._leave,
            "close": self._restart_station,
            "cut": self._cut,
            "cut at file": self._cut_at_file,
            "pull stick": self._pull_stick,
            "plug stick": self._plug_stick,
            "bad stick": self._bad_stick,
            "full stick": self._full_stick,
            "unplug drive": self._unplug_drive,
            "plug drive": self._plug_drive,
            "dock drive": self._dock_drive,
            "reuse drive": self._used_elsewhere,
            "use drive": self._used_elsewhere,
            "lose answers": self._lose_answers,
            "command": self._command,
            "clock": self._clock,
            "network": self._network,
            "letters": self._letters,
            "enroll": self._enroll,
        }

    def act(self, act: Act) -> None:
        pc = self.world.pcs[act.who % len(self.world.pcs)]
        self._acts[act.kind](pc, act)

    def _tell(self, kind: str, text: str) -> None:
        self.world.counts[f"act: {kind}"] += 1
        self.world.story.tell(text)

    def _visit(self, pc: Pc) -> Visit | None:
        return self.world.visit_of(pc)

    def _ask(self, pc: Pc, what: str, ask: Callable[[Any], object]) -> bool:
        visit = self._visit(pc)
        if visit is None:
            return False
        engine = visit.station.engine
        task = self.world.ask(visit, what, lambda: ask(engine))
        self.world.run(lambda: task.done, 300.0)
        error = task.error
        if isinstance(error, Exception) and not isinstance(error, RepriseError):
            raise error
        said = f": {error}" if isinstance(error, RepriseError) else ""
        self._tell(what, f"somebody {what} on {pc.word}{said}")
        return task.done and error is None

    # a visit

    def _start(self, pc: Pc, act: Act) -> None:
        stick = self.world.sticks[act.what % len(self.world.sticks)]
        taken = any(one.stick is stick and one.on for one in self.world.pcs)
        if pc.on or taken:
            return
        for other in self.world.pcs:
            if other.stick is stick:
                other.stick = None
        held = ", ".join(drive.word for drive in pc.slots)
        self._tell("start", f"{pc.word} is started from {stick.word}; in it: {held or 'nothing'}")
        self.world.start(pc, stick)

    def _until_planned(self, pc: Pc, act: Act) -> None:
        visit = self._visit(pc)
        if visit is not None:
            self.world.run(
                lambda: (
                    visit.ended
                    or (
                        visit.state.stage is not Stage.OPEN
                        and visit.state.stage is not Stage.INVENTORIED
                    )
                ),
                600.0,
            )

    def _until_ended(self, pc: Pc, act: Act) -> None:
        visit = self._visit(pc)
        if visit is not None and visit.station.engine._work is Work.RUNNING:
            self.world.run(lambda: visit.ended or visit.station.engine._work is Work.ENDED, _LONG_S)

    def _wait(self, pc: Pc, act: Act) -> None:
        """A moment: some steps of whoever runs, or some seconds."""
        if act.how < 0.7:
            self.world.run(None, 60.0, steps=int(act.how * 400))
        else:
            self.world.run(None, (act.how - 0.7) * 100.0)

    def _confirm(self, pc: Pc, act: Act) -> None:
        visit = self._visit(pc)
        if visit is None or visit.state.stage is not Stage.PLANNED:
            return
        engine, state = visit.station.engine, visit.state
        status = engine.status
        alone = status.unattended.erase and act.how < 0.8
        choice = status.offer.best(state.digest) if act.how > 0.5 else None
        by = ConfirmedBy.UNATTENDED if alone else ConfirmedBy.OPERATOR
        if status.install is None:
            return
        order = Order(state.digest, status.install, choice, by, state.read_digest)
        if alone:
            self.world.run(lambda: visit.ended, 30.0)
        visit.alone = alone
        self._ask(pc, "lets the countdown end" if alone else "confirms", lambda e: e.confirm(order))

    def _leave(self, pc: Pc, act: Act) -> None:
        visit = self._visit(pc)
        if visit is None:
            return
        self.world.oracle.safe(visit)
        self._ask(pc, "switches off", lambda e: e.leave(Leave()))
        self.world.run(lambda: visit.ended, 1.0)
        if not visit.ended:
            self._cut(pc, act)

    def _restart_station(self, pc: Pc, act: Act) -> None:
        """As an update of the program would: its service ends and begins again."""
        visit = self._visit(pc)
        if visit is not None:
            self._ask(pc, "ends the service", lambda e: (e.close(), e.wait_end()))
            if pc.on and not visit.ended:
                self.world.restart(visit)

    # trouble

    def _cut(self, pc: Pc, act: Act) -> None:
        if pc.on:
            self._tell("cut", f"the power of {pc.word} is cut")
            self.world.cut(pc)

    def _cut_at_file(self, pc: Pc, act: Act) -> None:
        if pc.on and pc.stick is not None:
            pc.stick.cut_in = 1 + int(act.how * 40)
            pc.stick.on_cut = lambda: self.world.cut_in_file(pc)
            self._tell("cut at file", f"the power of {pc.word} will go when its stick is written")

    def _pull_stick(self, pc: Pc, act: Act) -> None:
        if pc.on and pc.stick is not None:
            stick = pc.stick
            self._tell("pull stick", f"{stick.word} is pulled out of {pc.word}")
            pc.kernel.unplug(stick.drive)
            pc.stick = None
            stick.pulled()

    def _plug_stick(self, pc: Pc, act: Act) -> None:
        stick: Stick = self.world.sticks[act.what % len(self.world.sticks)]
        if (
            not pc.on
            or pc.stick is not None
            or any(p.stick is stick and p.on for p in self.world.pcs)
        ):
            return
        for other in self.world.pcs:
            if other.stick is stick:
                other.stick = None
        self._tell("plug stick", f"{stick.word} is plugged into {pc.word}")
        pc.stick = stick
        stick.plugged()
        pc.kernel.plug(stick.drive)

    def _bad_stick(self, pc: Pc, act: Act) -> None:
        stick = pc.stick
        if stick is None:
            return
        if act.how < 0.3 and stick.state == READY:
            stick.state = READ_ONLY
            self._tell("write-protected stick", f"{stick.word} takes no more writes")
        elif act.how < 0.6:
            stick.bad_writes = 1 + int(act.how * 10)
            self._tell("stick with bad writes", f"{stick.word} fails to write for a while")
        else:
            stick.bad_reads = {"station.key.pem"} if act.how < 0.8 else set(_names(stick)[:1])
            self._tell(
                "stick with bad reads", f"{stick.word} cannot read {sorted(stick.bad_reads)}"
            )

    def _full_stick(self, pc: Pc, act: Act) -> None:
        if pc.stick is not None:
            volume = pc.stick.volume
            volume.room_bytes = volume.used_bytes() + int(act.how * 20_000)
            self._tell("full stick", f"{pc.stick.word} is nearly full")

    def _unplug_drive(self, pc: Pc, act: Act) -> None:
        if pc.slots:
            drive = pc.slots[act.what % len(pc.slots)]
            self._tell("unplug drive", f"{drive.word} is pulled out of {pc.word}")
            pc.unplug(drive)

    def _plug_drive(self, pc: Pc, act: Act) -> None:
        loose = self.world.loose(pc)
        if loose:
            drive = loose[act.what % len(loose)]
            self._tell("plug drive", f"{drive.word} is plugged into {pc.word}")
            pc.plug(drive)

    def _dock_drive(self, pc: Pc, act: Act) -> None:
        if pc.slots:
            drive = pc.slots[act.what % len(pc.slots)]
            self._tell("dock drive", f"{drive.word} goes from its place in {pc.word} to a dock")
            pc.unplug(drive)
            drive.transport = Transport.USB
            pc.plug(drive)

    def _used_elsewhere(self, pc: Pc, act: Act) -> None:
        loose = self.world.loose()
        did = use(self.world, loose[act.what % len(loose)], act) if loose else ""
        if did:
            self._tell(act.kind, did)

    def _lose_answers(self, pc: Pc, act: Act) -> None:
        for drive in pc.slots[act.what % 12 % max(len(pc.slots), 1) :][:1]:
            drive.hears, drive.deaf = int(act.how * 10), 1 + act.what // 12
            self._tell("lose answers", f"{drive.word} will lose {drive.deaf} answers")

    def _command(self, pc: Pc, act: Act) -> None:
        nodes = [node for node in pc.kernel.drives() if node.drive in pc.slots]
        if not pc.on or not nodes:
            return
        node = nodes[act.what % len(nodes)]
        words = ["--confirm", node.unit.identity.serial or ""]
        if node.drive.opal is not None and act.how < 0.6:
            words += ["--technique", "tcg-psid-revert", "--psid"]
        elif act.how < 0.3:
            words += ["--verify", "sample"]
        elif act.how > 0.9:
            words += ["--resume"]
        self._tell("command", f"somebody runs reprise erase {node.path} {' '.join(words)}")
        ran = Command(pc, node, words)
        self.world.commands.append(ran)
        self.world.run(lambda: ran.task.done, _LONG_S)
        self._tell(f"exit code {ran.code}", f"    it ends with {ran.code}")
        if ran.task.error is not None and isinstance(ran.task.error, Exception):
            raise ran.task.error
        self.world.oracle.command(ran)

    def _clock(self, pc: Pc, act: Act) -> None:
        pc.clock_wrong_s = (act.how - 0.5) * 1e7
        self._tell("clock", f"the clock of {pc.word} jumps")

    def _network(self, pc: Pc, act: Act) -> None:
        self.world.server.up = not self.world.server.up
        self._tell("network", f"the network is {'there' if self.world.server.up else 'gone'}")

    def _letters(self, pc: Pc, act: Act) -> None:
        what = _LETTERS[act.what % len(_LETTERS)]
        self.world.server.plan += [what] * (1 + int(act.how * 3))
        self._tell(f"letters: {what}", f"the next requests: {what}")

    def _enroll(self, pc: Pc, act: Act) -> None:
        self.world.enroll_all = True
        self._tell("enroll", "the server takes every station's key from now on")


def _names(stick: Stick) -> list[str]:
    return sorted(path.rpartition("/")[2] for path in stick.volume.names)
