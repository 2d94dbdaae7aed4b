"""ports.Suspender: suspend to memory, so that drives lose their power and with it the freeze that
the firmware of the PC put on them.

Only S3 ("deep") does that: s2idle leaves drives powered (Documentation/power/states of Linux).
"""

from __future__ import annotations

import shutil
import time
from enum import StrEnum

from reprise.adapters.hardware.sysfs import Roots, read_int, read_text
from reprise.domain.erasure.preparing import SystemSuspended
from reprise.errors import ToolError
from reprise.ports import CommandRunner

# Long enough for drives to stop, and for a slow PC to be asleep before its alarm rings: one that
# rings too early wakes nobody.
_SLEEP_S = 20
_TIMEOUT_S = 120.0  # going down and coming up, with many drives
# The kernel gives up (EBUSY) after 20 s where a process cannot be frozen: one that waits for a
# drive, say udev's worker that looks into a drive just closed. A moment later it is gone.
_ATTEMPTS = 2
_SBIN = "/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin"


class Obstacle(StrEnum):
    """Why the PC cannot be suspended."""

    NO_MEM = "no-suspend-to-memory"  # /sys/power/state has no "mem"
    NOT_DEEP = "suspend-is-not-deep"  # s2idle or shallow: drives keep their power
    NO_CLOCK = "no-wake-up-clock"  # nothing that would wake it
    NO_TOOL = "rtcwake-missing"


class RtcSuspender:
    """Implements ports.Suspender by rtcwake(8)."""

    def __init__(self, runner: CommandRunner, roots: Roots | None = None) -> None:
        self._runner, self._roots = runner, roots or Roots()

    def obstacle(self) -> str:
        """ "" or an Obstacle."""
        power = self._roots.sys / "power"
        if "mem" not in (read_text(power / "state") or "").split():
            return Obstacle.NO_MEM
        if "[deep]" not in (read_text(power / "mem_sleep") or "").split():
            return Obstacle.NOT_DEEP
        if not any((self._roots.sys / "class/rtc").glob("rtc*/since_epoch")):
            return Obstacle.NO_CLOCK
        return "" if shutil.which("rtcwake", path=_SBIN) else Obstacle.NO_TOOL

    def suspend(self) -> SystemSuspended:
        """Ok only where the kernel itself counts one more suspend that succeeded."""
        began = time.monotonic()
        obstacle = self.obstacle()
        if obstacle:
            return SystemSuspended(ok=False, duration_s=0.0, detail=obstacle)
        for _attempt in range(_ATTEMPTS):
            detail = self._sleep()
            if not detail:
                break
        took_s = round(time.monotonic() - began, 1)
        return SystemSuspended(ok=not detail, duration_s=took_s, detail=detail)

    def _sleep(self) -> str:
        """ "" or what kept the PC awake."""
        before = self._successes()
        try:
            result = self._runner.run(("rtcwake", "-m", "mem", "-s", str(_SLEEP_S)), _TIMEOUT_S)
        except ToolError as error:
            return str(error)[:200]
        failed = result.exit_code != 0 or result.timed_out
        if before is not None and (self._successes() or 0) > before and not failed:
            return ""
        said = (result.stderr or result.stdout).decode("utf-8", "replace").strip()
        return (said or "not-counted")[:200]

    def _successes(self) -> int | None:
        return read_int(self._roots.sys / "power/suspend_stats/success")
