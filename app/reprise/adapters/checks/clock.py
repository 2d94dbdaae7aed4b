"""Whether the PC's clock kept the date while it was off: the only thing its battery does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from reprise.adapters.checks.checked_pc import CheckedPc
from reprise.adapters.hardware.sysfs import names, read_int, read_text
from reprise.domain.checks.clock import ClockFacts, judge_clock
from reprise.domain.checks.results import CheckResult
from reprise.ports import StopFlag
from reprise.tools.proc import parse_rtc_battery

# No Reprise existed before, and no PC that it erases will be used after.
_EARLIEST_S = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
_CEILING_S = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp())
_DAY_S = 24 * 3600  # a clock in local time is up to 14 h behind UTC


class ClockCheck:
    """Implements ports.sheets.checks.FunctionCheck. The clock itself is read, not the system's
    time: that one is moved forward at the start where it is behind the image (systemd), and by the
    network."""

    def __init__(self, pc: CheckedPc) -> None:
        self._pc = pc

    def run(self, _stop: StopFlag) -> Iterator[CheckResult]:
        trusted, _note = self._pc.clock.trust()
        yield judge_clock(
            ClockFacts(
                rtc_s=self._rtc_s(),
                floor_s=max(_EARLIEST_S, self._pc.newest_s() - _DAY_S),
                ceiling_s=_CEILING_S,
                true_s=int(self._pc.clock.read().now.timestamp()) if trusted else None,
                flag_ok=parse_rtc_battery(read_text(self._pc.roots.proc / "driver/rtc") or ""),
            )
        )

    def _rtc_s(self) -> int | None:
        """The first clock that can be read: the PC's own comes before those of other chips."""
        folder = self._pc.roots.sys / "class/rtc"
        readings = (read_int(folder / name / "since_epoch") for name in names(folder))
        return next((reading for reading in readings if reading is not None), None)
