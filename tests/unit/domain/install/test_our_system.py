"""A system that Reprise installed is known by the names of its partitions."""

from __future__ import annotations

import pytest

from reprise.domain.install.our_system import holds_our_system
from reprise.domain.pc.hardware import Partition
from unit.domain.drives.drives import hdd


@pytest.mark.parametrize(
    ("names", "ours"),
    [
        ("bios-boot efi root", True),
        ("bios-boot efi boot root", True),  # encrypted
        ("efi root", False),
        ("efi bios-boot root", False),
        ("bios-boot efi root data", False),
        ("EFI root", False),
        ("", False),
    ],
)
def test_all_names_in_their_order_and_no_other(names: str, ours: bool) -> None:
    partitions = tuple(
        Partition(f"/dev/sda{n}", 1, part_label=name) for n, name in enumerate(names.split(), 1)
    )
    assert holds_our_system(hdd(partitions=partitions)) is ours


def test_partitions_without_names_are_nobodys() -> None:
    assert not holds_our_system(hdd())
