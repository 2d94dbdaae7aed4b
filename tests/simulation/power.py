"""The station's ports that change the PC's power."""

from __future__ import annotations

from reprise.domain.erasure.preparing import SystemSuspended
from reprise.ports import CommandResult
from simulation.baton import baton
from simulation.pc import Pc, here


class SimSuspender:
    """ports.Suspender: the PC sleeps, and its drives lose their power meanwhile."""

    def __init__(self, pc: Pc) -> None:
        self._pc = pc

    def obstacle(self) -> str:
        return "" if self._pc.kind.deep else "suspend-is-not-deep"

    def suspend(self) -> SystemSuspended:
        obstacle = self.obstacle()
        if obstacle:
            return SystemSuspended(ok=False, duration_s=0.0, detail=obstacle)
        self._pc.world.story.tell(f"{self._pc.word} sleeps")
        for drive in self._pc.slots:
            drive.power_off()
        baton().sleep(20.0)
        for drive in self._pc.slots:
            drive.power_on(by_resume=True)
        return SystemSuspended(ok=True, duration_s=20.0, detail="")


class SimRunner:
    """ports.CommandRunner: nothing is installed here but the switch of the power."""

    def __init__(self) -> None:
        self._pc = here()

    def run(
        self, argv: tuple[str, ...], timeout_s: float = 30.0, stdin: bytes | None = None
    ) -> CommandResult:
        baton().pause()
        self._pc.world.story.tell(f"{self._pc.word} runs {' '.join(argv)}")
        if argv[0] == "systemctl":
            self._pc.world.switched_off(self._pc)
        return CommandResult(tuple(argv), 0, b"", b"", 0.1)
