"""One script from its first act to the end, when all that was wrong is healed."""

from __future__ import annotations

import hashlib
import traceback
from collections import Counter
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from random import Random

from reprise.domain.report.plausibility import DoubtCode
from reprise.workflow.engine.port import Work
from simulation.making import make_drive, make_policy
from simulation.oracle import Violation
from simulation.pc import Pc, PcKind
from simulation.player import Player
from simulation.script import Script
from simulation.stick import READY, Stick
from simulation.visit import Visit
from simulation.world import World

_PATIENCE_S = 100_000.0


@dataclass
class Played:
    """What came of a script. `rule` "": nothing was wrong."""

    script: Script
    sessions: int = 0
    rule: str = ""
    text: str = ""
    story: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    digest: str = ""
    reports: list[bytes] = field(default_factory=list)  # each that was sealed, as it was signed


def play(script: Script, folder: Path) -> Played:
    world = _made(script, folder)
    played = Played(script)
    player = Player(world)
    try:
        for act in script.acts:
            if act.kind == "heal":
                _heal(world)
            else:
                player.act(act)
            if world.enroll_all:
                world.enroll()
    except Violation as found:
        played.rule, played.text = found.rule, str(found)
    except Exception as error:  # noqa: BLE001 - a program that breaks down is a finding
        played.rule, played.text = "an error", f"{type(error).__name__}: {error}"
        played.story.append(_trace(error))
    finally:
        world.oracle.violations.clear()
        world.close()
    played.digest = _digest(world)
    played.sessions = len(world.visits)
    played.counts = world.counts
    played.reports = [jws for mine in world.oracle.reports.values() for jws in mine.values()]
    played.story = [*world.story.lines, *played.story]
    return played


def _digest(world: World) -> str:
    """Of the story, every stick and every drive: the same seed gives the same, byte by byte."""
    found = hashlib.sha256("\n".join(world.story.lines).encode())
    for stick in world.sticks:
        for path, node in sorted(stick.volume.names.items()):
            found.update(path.encode() + bytes(node.data))
    for drive in world.drives:
        found.update(drive.snapshot())
    return found.hexdigest()


def _trace(error: Exception) -> str:
    return "".join(traceback.format_exception(error))


def _made(script: Script, folder: Path) -> World:
    world = World(script.seed, folder, script.eager, make_policy(script.policy))
    for number, spec in enumerate(script.pcs, 1):
        kind = PcKind(**asdict(spec))
        world.pcs.append(Pc(world, number, kind))
    for number in range(1, script.sticks + 1):
        world.sticks.append(Stick(number, Random(f"{script.seed} stick {number}")))  # noqa: S311
    world.unattended = frozenset(script.unattended)
    for number, made in enumerate(script.drives, 1):
        drive = make_drive(number, made, script.seed)
        world.drives.append(drive)
        if made.pc >= 0:
            world.pcs[made.pc % len(world.pcs)].slots.append(drive)
        drive.supply.stop()
    return world


def _heal(world: World) -> None:
    """Nothing goes wrong any more: every session ends, and every report arrives."""
    world.story.tell("from here on all goes well")
    for drive in world.drives:
        drive.deck.at.clear()
    for stick in world.sticks:
        stick.bad_reads, stick.bad_writes, stick.cut_in = set(), 0, 0
        stick.volume.room_bytes = 1 << 40
        if stick.state == "read-only":
            stick.state = READY
    world.server.up, world.server.plan, world.enroll_all = True, [], True
    for visit in world.living():
        engine = visit.station.engine
        if engine._work is Work.RUNNING and not world.run(partial(_at_rest, visit), _PATIENCE_S):
            raise Violation("never ends", f"{visit.word} still works after {_PATIENCE_S:.0f} s")
    for pc in world.pcs:
        if pc.on:
            world.cut(pc)
    world.enroll()
    _deliver(world)
    _final(world)


def _deliver(world: World) -> None:
    """Each stick in a PC that has no drive, until its outbox is empty."""
    for stick in world.sticks:
        if not stick.volume.names:
            continue
        pc = Pc(world, 50 + stick.number, PcKind())
        world.pcs.append(pc)
        world.start(pc, stick)
        world.visits.pop()  # nobody's session
        world.run(lambda: False, 5.0)
        world.enroll()
        if not world.run(partial(_all_sent, stick), 5000.0):
            names = _waiting(stick)
            raise Violation("never sent", f"{stick.word}: {names}; {world.server.told[-3:]}")
        world.cut(pc)


def _at_rest(visit: Visit) -> bool:
    return visit.ended or visit.station.engine._work is Work.ENDED


def _all_sent(stick: Stick) -> bool:
    return not _waiting(stick)


def _waiting(stick: Stick) -> list[str]:
    """Reports that are kept, and of which no receipt has come."""
    names = stick.volume.names
    kept = (
        path.removeprefix("/reports/")
        for path, node in names.items()
        if path.startswith("/reports/") and node.data  # an empty one is a cut-off write
    )
    ids = {name.removesuffix(".jws") for name in kept if name.endswith(".jws")}
    return sorted(one for one in ids if f"/receipts/{one}.json" not in names)


_OF_DATES = frozenset({DoubtCode.FUTURE, DoubtCode.TOO_EARLY, DoubtCode.BACKWARDS})


def _doubted(world: World) -> None:
    """Nobody may doubt a true report."""
    jumped = world.counts["act: clock"]  # its dates are doubted rightly
    for report_id, doubts in sorted(world.server.doubts().items()):
        wrong = [one for one in doubts if not (jumped and one.code in _OF_DATES)]
        world.counts["a report comes that nobody doubts"] += not wrong
        if wrong:
            world.oracle.violate("doubted", f"report {report_id}: {wrong}")


def _final(world: World) -> None:
    """Every report that anybody still has is at the server, in the same bytes."""
    rows = world.server.rows()
    for stick in world.sticks:
        for path, node in sorted(stick.volume.names.items()):
            if not path.startswith("/reports/") or not path.endswith(".jws") or not node.data:
                continue
            report_id = path.rpartition("/")[2].removesuffix(".jws")
            if report_id not in rows:
                raise Violation("lost", f"report {report_id} on {stick.word} never arrived")
            if rows[report_id][1] != bytes(node.data):
                raise Violation("contradiction", f"report {report_id}: other bytes at the server")
    for report_id, (word, jws) in sorted(rows.items()):
        world.oracle.arrived(report_id, word, jws)
    _doubted(world)
    if world.oracle.violations:
        raise world.oracle.violations[0]
