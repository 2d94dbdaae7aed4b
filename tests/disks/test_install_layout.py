"""The partitions and file systems of an installed system, made on a loop device."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

from disks.rig import tool
from disks.test_install import drive
from reprise.adapters.install.layout import make_file_systems, make_partitions, plan_layout
from reprise.adapters.install.steps import ToolRunner
from reprise.adapters.pc.command import SystemCommandRunner
from reprise.tools.sfdisk import partition_node


def test_udev_has_read_the_new_table_before_the_kernel_is_told_of_it(tmp_path: Path) -> None:
    ran: list[tuple[str, ...]] = []
    runner = SystemCommandRunner(on_call=lambda result: ran.append(result.argv))
    with drive(tmp_path / "drive.img") as node:
        make_partitions(plan_layout(node), ToolRunner(runner, threading.Event()))
        assert Path(partition_node(node, 3)).is_block_device()
    assert [argv[:2] for argv in ran] == [
        ("sfdisk", "--quiet"),
        ("udevadm", "settle"),
        ("partx", "--update"),
    ]


def test_the_grub_of_an_older_system_can_read_root_and_boot(tmp_path: Path) -> None:
    tools = ToolRunner(SystemCommandRunner(), threading.Event())
    with drive(tmp_path / "drive.img") as node:
        layout = plan_layout(node, encrypted=True)
        make_partitions(layout, tools)
        # no LUKS here: the root lies in the partition itself
        make_file_systems(replace(layout, root=partition_node(node, 4)), tools)
        for number, label in ((3, "boot"), (4, "system")):
            said = tool("dumpe2fs", "-h", partition_node(node, number))
            facts = dict(line.split(":", 1) for line in said.splitlines() if ":" in line)
            assert facts["Filesystem volume name"].strip() == label
            features = set(facts["Filesystem features"].split())
            assert {"metadata_csum", "extent"} <= features, "as ext4 is made otherwise"
            assert not features & {"metadata_csum_seed", "orphan_file"}
