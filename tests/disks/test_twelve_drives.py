"""Twelve drives at once: all verified, and the screen keeps its pace."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from disks.rig import MIB, filled_file, job_for, loop_device, openssl_stream
from disks.side_by_side import Heartbeat, erase_all
from reprise.domain.techniques import Verdict

DRIVES = 12
SIZE = 96 * MIB
# A build machine that runs other things too makes beats late: how late counts in `make bench`, on a
# quiet one. Here no more is asked than that no transfer or check keeps the others' turns to itself.
LATE_S = 0.3


def test_twelve_drives_at_once_do_not_starve_the_screen(tmp_path: Path) -> None:
    files = [filled_file(tmp_path / f"disk{number}", SIZE) for number in range(DRIVES)]
    with ExitStack() as stack:
        nodes = [stack.enter_context(loop_device(file)) for file in files]
        last = job_for(nodes[-1], key=bytes([DRIVES]) * 32)
        with Heartbeat() as heart:
            ran = erase_all(nodes)
    assert [one.finished.verdict for one in ran] == [Verdict.VERIFIED] * DRIVES
    assert files[-1].read_bytes() == openssl_stream(last, SIZE)
    assert heart.late_s
    assert heart.worst_of(0.5) < LATE_S, sorted(heart.late_s)
    # each drive told how it stands, several times
    assert all(len(one.progress) >= 2 for one in ran)
