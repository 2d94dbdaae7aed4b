"""Whether a drive that was erased once holds something again."""

from __future__ import annotations

import pytest

from reprise.domain.pc.hardware import Partition
from reprise.workflow.past.sessions import holds_something
from unit.domain.drives.drives import hdd

BLANK = {"partitions": (), "partition_table": None, "fs_type": None}


@pytest.mark.parametrize(
    ("found", "holds"),
    [
        ({}, False),
        ({"partitions": (Partition("/dev/sda1", 1),)}, True),
        ({"partition_table": "gpt"}, True),
        ({"fs_type": "ext4"}, True),
        ({"unknown": {"partitions": "timed-out"}}, True),
        ({"unknown": {"partitions.sda1.fs_type": "timed-out"}}, True),
        ({"unknown": {"partition_table": "timed-out"}}, True),
        ({"unknown": {"fs_type": "timed-out"}}, True),
        ({"unknown": {"smart": "timed-out", "identity.wwn": "not-reported"}}, False),
    ],
)
def test_what_is_there_and_what_could_not_be_read(found: dict[str, object], holds: bool) -> None:
    assert holds_something(hdd(**(BLANK | found))) is holds
