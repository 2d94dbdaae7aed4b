"""From power-on to the desktop: ours as it was installed, Debian's LXQt live system as it comes, in
the same virtual PC, one after the other. Pictures stay in build/vm/desktop-live/."""

from __future__ import annotations

import shutil
from pathlib import Path

from desktop import debian_live
from desktop.installed import BENCH, USER, installed, with_a_user
from desktop.look import Drawn, keep, wait_drawn
from vm.qemu import Disk, Pc, running
from vm.shell import Shell

FOLDER = BENCH.parent / "desktop-live"


def _logs_itself_in(root: Path) -> None:
    """As the live system does, and as the first start offers."""
    with_a_user(root)
    folder = root / "etc/lightdm/lightdm.conf.d"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "90-measure.conf").write_text(f"[Seat:*]\nautologin-user={USER}\n")


def _start(pc: Pc, panel: str) -> Drawn:
    with running(pc) as vm:
        drawn = wait_drawn(vm, Shell(vm), panel)
        keep(vm, pc.folder / "desktop.png")
    return drawn


def test_our_first_start_is_quicker_than_debians_lxqt_live() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    disk, kernel, initrd = debian_live.build(FOLDER / "live")
    installed(FOLDER / "drive.img", FOLDER / "data", _logs_itself_in)
    words = f"{debian_live.WORDS} systemd.debug_shell=ttyS0"
    live = _start(
        Pc(
            FOLDER / "live",
            [Disk(disk, "sata")],
            memory_mib=2048,
            kernel=(kernel, initrd, words),  # its boot loader's own time is left out
        ),
        "lxqt-panel",
    )
    ours = _start(
        Pc(FOLDER / "ours", [Disk(FOLDER / "drive.img", "sata")], memory_mib=2048),
        "xfce4-panel",
    )
    print(
        f"\nours {ours.seconds:.0f} s ({ours.processor_s:.0f} of a processor),"
        f" live {live.seconds:.0f} s ({live.processor_s:.0f})"
    )
    assert ours.seconds < live.seconds
    assert ours.processor_s < live.processor_s
