"""sfdisk (util-linux): the partition table of an installed system. Pure text."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.domain.install.our_system import ENCRYPTED_NAMES, SYSTEM_NAMES

# UEFI Specification 2.10, table 5.7, and GRUB's own type for its core image on GPT drives under a
# BIOS (GRUB manual, "BIOS installation"); Discoverable Partitions Specification for the root, for
# a boot loader's part beside it, and for LUKS.
BIOS_BOOT = "21686148-6449-6E6F-744E-656564454649"
EFI_SYSTEM = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B"
ROOT_X86_64 = "4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709"
BOOT = "BC13C2FF-59E6-4262-A352-B275FD6F7172"
LUKS = "CA7D7CCB-63ED-4C53-861C-1742536059CC"


@dataclass(frozen=True, slots=True)
class PartitionWish:
    """One partition to make. `size_mib` None: all that is left."""

    type_guid: str
    name: str
    size_mib: int | None = None


# 300 MiB, so that FAT32 has its 65,525 clusters on drives with sectors of 4096 bytes too
# (Microsoft FAT specification 1.03, "FAT type determination").
_STARTS = ((BIOS_BOOT, 1), (EFI_SYSTEM, 300))
# Kernels and boot menu stay outside, where the signed boot loaders find them without a passphrase.
_ENCRYPTED = (*_STARTS, (BOOT, 1024), (LUKS, None))


def _layout(
    names: tuple[str, ...], parts: tuple[tuple[str, int | None], ...]
) -> tuple[PartitionWish, ...]:
    pairs = zip(names, parts, strict=True)
    return tuple(PartitionWish(kind, name, size_mib) for name, (kind, size_mib) in pairs)


SYSTEM_LAYOUT = _layout(SYSTEM_NAMES, (*_STARTS, (ROOT_X86_64, None)))
ENCRYPTED_LAYOUT = _layout(ENCRYPTED_NAMES, _ENCRYPTED)


def argv_sfdisk(node: str) -> list[str]:
    """Writes the table read from stdin, whatever was there; holds udev off while doing it."""
    return [
        "sfdisk",
        "--quiet",
        "--lock=yes",
        "--wipe=always",
        "--wipe-partitions=always",
        "--label=gpt",
        node,
    ]


def script(layout: tuple[PartitionWish, ...] = SYSTEM_LAYOUT) -> bytes:
    lines = ["label: gpt"]
    for wish in layout:
        size = f"size={wish.size_mib}MiB, " if wish.size_mib is not None else ""
        lines.append(f'{size}type={wish.type_guid}, name="{wish.name}"')
    return "\n".join([*lines, ""]).encode("ascii")


def partition_node(node: str, number: int) -> str:
    """/dev/sda, 1 -> /dev/sda1; /dev/nvme0n1, 1 -> /dev/nvme0n1p1 (the kernel's rule: a `p` where
    the drive's name ends in a digit)."""
    return f"{node}p{number}" if node[-1].isdigit() else f"{node}{number}"
