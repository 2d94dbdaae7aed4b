"""The check of USB ports on made trees."""

from __future__ import annotations

from pathlib import Path
from threading import Event as Flag

from reprise.adapters.checks.usb import UsbCheck
from reprise.domain.checks.catalogue import CheckLimit, CheckReason, MeasureName
from reprise.domain.checks.results import CheckProgress, CheckResult, CheckStatus
from reprise.domain.checks.usb import judge_usb
from unit.adapters.checks.check_kit import pc_of, told
from unit.adapters.hardware.made_tree import MadeTree

USB = "sys/bus/usb/devices"


def port(tree: MadeTree, hub: str, name: str, kind: str) -> Path:
    tree.write(f"{USB}/{hub}/{name}/connect_type", kind + "\n")
    return tree.root / USB / hub / name


def plug(tree: MadeTree, device: str, where: Path) -> None:
    tree.link(f"{USB}/{device}/port", where)


def test_a_stick_in_each_port(tree: MadeTree) -> None:
    first = port(tree, "usb1/1-0:1.0", "usb1-port1", "hotplug")
    second = port(tree, "usb1/1-0:1.0", "usb1-port2", "hotplug")
    camera = port(tree, "usb1/1-0:1.0", "usb1-port5", "hardwired")
    fast = port(tree, "usb2/2-0:1.0", "usb2-port1", "hotplug")
    for hub in ("1-0:1.0", "2-0:1.0"):
        tree.link(f"{USB}/{hub}", tree.root / USB / f"usb{hub[0]}" / hub)
    (first / "peer").symlink_to(fast)
    (fast / "peer").symlink_to(first)
    plug(tree, "1-5", camera)
    plug(tree, "1-1", first)
    running = UsbCheck(pc_of(tree)).run(Flag())
    tick = next(running)
    assert isinstance(tick, CheckProgress)
    assert tick.seen == ("usb1-port1",)
    assert [m.value for m in tick.measures] == [2]
    (tree.root / USB / "1-1/port").unlink()
    plug(tree, "2-1", fast)  # the same connector, at its other speed
    assert next(running) == tick
    plug(tree, "1-2", second)
    plug(tree, "1-2.4", port(tree, "1-2", "1-2-port4", "unknown"))
    *_ticks, result = running
    assert isinstance(result, CheckResult)
    assert told(result) == (CheckStatus.PASSED, None)
    assert result.measured(MeasureName.PORTS_SEEN) == 2


def test_where_the_firmware_counts_no_ports_only_a_person_ends_it(tree: MadeTree) -> None:
    plug(tree, "1-3", port(tree, "usb1/1-0:1.0", "usb1-port3", "unknown"))
    stop = Flag()
    running = UsbCheck(pc_of(tree)).run(stop)
    tick = next(running)
    assert isinstance(tick, CheckProgress)
    assert (tick.seen, tick.measures) == (("usb1-port3",), ())
    stop.set()
    assert list(running) == []
    assert judge_usb(tick.seen, None).limits == (CheckLimit.PORTS_NOT_COUNTED,)
    assert judge_usb((), None).reason is CheckReason.NOT_ALL_SEEN
    assert judge_usb(("a",), 2).status is CheckStatus.UNKNOWN
