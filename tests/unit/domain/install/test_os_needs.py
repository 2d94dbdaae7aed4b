"""What a system must bring, whose signed boot loader it has, and what a file is."""

from __future__ import annotations

import struct

import pytest

from reprise.domain.install.os_needs import (
    FOLDERS,
    OS_RELEASE,
    efi_sources,
    live_packages,
    merged,
    shortcomings,
    vendor_of,
)
from reprise.domain.install.swap import swap_file_bytes
from reprise.domain.pc.hardware import Transport
from reprise.tools.image_magic import HEAD_BYTES, Content, Packing, content_of, packing_of
from reprise.tools.squashfs_pseudo import PseudoEntry, parse_line, split_lines

GIB = 1 << 30
COMMON = {
    "boot/vmlinuz-6.8.0-31-generic",
    "boot/initrd.img-6.8.0-31-generic",
    "usr/sbin/update-grub",
    "usr/sbin/grub-install",
    "usr/sbin/useradd",
    "usr/lib/grub/i386-pc/boot.img",
    "usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed",
}
DEBIAN = COMMON | {"usr/lib/shim/shimx64.efi.signed", "usr/lib/shim/mmx64.efi.signed"}
UBUNTU = COMMON | {
    "usr/lib/shim/shimx64.efi.signed",
    "usr/lib/shim/shimx64.efi.signed.latest",
    "usr/lib/shim/shimx64.efi.signed.previous",
    "usr/lib/shim/mmx64.efi",
}


@pytest.mark.parametrize(
    ("os_release", "vendor"),
    [
        ('NAME="Debian GNU/Linux"\nID=debian\n', "debian"),
        ("ID=ubuntu\nID_LIKE=debian\n", "ubuntu"),
        ('ID=linuxmint\nID_LIKE="ubuntu debian"\n', "ubuntu"),
        ("ID=linuxmint\nID_LIKE=debian\n", "debian"),  # LMDE
        ("ID='emmabuntus'\nID_LIKE='debian'\n", "debian"),
        ('ID=fedora\nID_LIKE="rhel"\n', ""),
        ("", ""),
    ],
)
def test_the_vendor_is_the_one_whose_packages_it_has(os_release: str, vendor: str) -> None:
    assert vendor_of(os_release) == vendor


def test_each_vendor_keeps_its_signed_files_elsewhere() -> None:
    debian = efi_sources(DEBIAN, "ID=debian")
    ubuntu = efi_sources(UBUNTU, "ID=linuxmint\nID_LIKE=ubuntu")
    assert debian is not None
    assert ubuntu is not None
    assert (debian.vendor, debian.shim) == ("debian", "usr/lib/shim/shimx64.efi.signed")
    assert (ubuntu.vendor, ubuntu.shim) == ("ubuntu", "usr/lib/shim/shimx64.efi.signed.latest")
    assert ubuntu.mok == "usr/lib/shim/mmx64.efi"
    assert efi_sources(DEBIAN, "ID=fedora") is None


@pytest.mark.parametrize("lost", sorted(DEBIAN))
def test_every_thing_that_is_missing_is_named(lost: str) -> None:
    assert shortcomings(DEBIAN, "ID=debian") == ()
    (said,) = shortcomings(DEBIAN - {lost}, "ID=debian")
    assert lost.split("-", maxsplit=1)[0] in said
    assert said.endswith(")"), "with its package"


def test_a_live_system_is_known() -> None:
    assert live_packages(DEBIAN) == ()
    live = DEBIAN | {"usr/share/initramfs-tools/scripts/casper"}
    assert live_packages(live) == ("casper",)


def test_a_path_is_spelled_with_the_merged_usr() -> None:
    assert merged("./sbin/update-grub") == "usr/sbin/update-grub"
    assert merged("/lib/shim/a") == "usr/lib/shim/a"
    assert merged("library/a") == "library/a"


@pytest.mark.parametrize(
    ("memory", "free", "transport", "swap"),
    [
        (1 * GIB, 20 * GIB, Transport.SATA, 1 * GIB),
        (1 * GIB - 5000, 20 * GIB, Transport.SATA, 1 * GIB),  # whole MiB
        (1 * GIB + 1, 20 * GIB, Transport.SATA, 1 * GIB + (1 << 20)),
        (8 * GIB, 20 * GIB, Transport.NVME, 2 * GIB),
        (2 * GIB, 20 * GIB, Transport.MMC, 2 * GIB),
        (2 * GIB, 6 * GIB, Transport.SATA, 2 * GIB),
        (2 * GIB, 6 * GIB - 1, Transport.SATA, 0),
        (2 * GIB, 100 * GIB, Transport.USB, 0),
        (0, 100 * GIB, Transport.SATA, 0),
        (1, 100 * GIB, Transport.SATA, 1 << 20),
    ],
)
def test_swap_is_as_large_as_the_memory_where_there_is_room(
    memory: int, free: int, transport: Transport, swap: int
) -> None:
    assert swap_file_bytes(memory, free, transport) == swap


def _head(*parts: tuple[int, bytes]) -> bytes:
    head = bytearray(HEAD_BYTES)
    for at, data in parts:
        head[at : at + len(data)] = data
    return bytes(head)


_TABLE = (446, struct.pack("<B3sB3sII", 0x80, b"abc", 0x83, b"abc", 2048, 99999))
_SIGNATURE = (510, b"\x55\xaa")


@pytest.mark.parametrize(
    ("head", "content"),
    [
        (_head((0, b"hsqs")), Content.SQUASHFS),
        (_head((257, b"ustar\x0000")), Content.TAR),
        (_head((257, b"ustar  \x00")), Content.TAR),  # GNU
        (_head(_TABLE, _SIGNATURE), Content.DISK),
        (_head(_TABLE, _SIGNATURE, (512, b"EFI PART")), Content.DISK),
        (_head(_TABLE, _SIGNATURE, (4096, b"EFI PART")), Content.DISK_4K),
        (_head(_TABLE, _SIGNATURE, (32768, b"\x01CD001")), Content.ISO),
        (_head((0, b"QFI\xfb")), Content.VIRTUAL_DISK),
        (_head((64, b"\x7f\x10\xda\xbe")), Content.VIRTUAL_DISK),
        (_head((0, b"\xeb<\x90MSDOS5.0"), (446, b"\x13" * 64), _SIGNATURE), Content.UNKNOWN),
        (_head(_SIGNATURE), Content.UNKNOWN),
        (b"", Content.UNKNOWN),
        (b"text", Content.UNKNOWN),
    ],
)
def test_a_file_is_known_by_its_first_bytes(head: bytes, content: Content) -> None:
    assert content_of(head) is content


def test_a_packing_is_known_by_its_first_bytes() -> None:
    assert packing_of(b"\x28\xb5\x2f\xfd....") is Packing.ZSTD
    assert packing_of(b"\xfd7zXZ\x00..") is Packing.XZ
    assert packing_of(b"\x1f\x8b\x08.....") is Packing.GZIP
    assert packing_of(b"hsqs") is Packing.NONE


def test_the_lines_of_unsquashfs_are_read_with_their_escapes() -> None:
    text = (
        b"/ D 1 755 0 0\na\\ b\\\\ R 1 4750 7 8 11 0 0\nnew\\\nline L a\\ b\\\\\n"
        b"usr/x S 1 777 0 0 ../a to b\\x2d\ndev/n C 1 666 0 0 1 3\n"
        b"a x security.capability=0t\\001\nrest"
    )
    lines, left = split_lines(text)
    assert left == b"rest"
    assert [parse_line(line) for line in lines] == [
        PseudoEntry(b"", "D", 0o755),
        PseudoEntry(b"a b\\", "R", 0o4750, 7, 8, 11),
        PseudoEntry(b"new\nline", "L", target=b"a b\\"),
        PseudoEntry(b"usr/x", "S", 0o777, target=b"../a to b\\x2d"),
        PseudoEntry(b"dev/n", "C", 0o666),
        None,
    ]
    for wrong in (b"", b"name", b"name Q 1 2 3 4", b"name R"):
        with pytest.raises(ValueError, match=r"no entry|unpack|enough|invalid"):
            parse_line(wrong)


GRUB_INSTALL, SHIM = "usr/sbin/grub-install", "usr/lib/shim"


def test_one_of_several_places_is_enough() -> None:
    debian = DEBIAN - {GRUB_INSTALL, "usr/bin/grub-install"}
    assert len(shortcomings(debian, "ID=debian")) == 1
    for place in (GRUB_INSTALL, "usr/bin/grub-install"):
        assert shortcomings(debian | {place}, "ID=debian") == ()
    without = {one for one in DEBIAN if not one.startswith(f"{SHIM}/mm")}
    for mok in (f"{SHIM}/mmx64.efi.signed", f"{SHIM}/mmx64.efi"):
        assert shortcomings({*without, mok}, "ID=debian") == ()
    shimless = {one for one in DEBIAN if not one.startswith(f"{SHIM}/shim")}
    for name in ("shimx64.efi.signed.latest", "shimx64.efi.dualsigned", "shimx64.efi.signed"):
        assert shortcomings({*shimless, f"{SHIM}/{name}"}, "ID=ubuntu") == ()
        found = efi_sources({*shimless, f"{SHIM}/{name}"}, "ID=ubuntu")
        assert found is not None and found.shim == f"{SHIM}/{name}"
    assert len(shortcomings({*shimless, f"{SHIM}/shimx64.efi.dualsigned"}, "ID=debian")) == 1


def test_an_encrypted_root_needs_its_unlockers_and_its_owner_the_first_start() -> None:
    plain = DEBIAN - {
        "usr/sbin/cryptsetup",
        "usr/share/initramfs-tools/hooks/cryptroot",
        "usr/sbin/update-initramfs",
    }
    assert shortcomings(plain, "ID=debian") == ()
    assert shortcomings(plain, "ID=debian", encrypted=True) == (
        "/usr/sbin/cryptsetup (cryptsetup-bin)",
        "/usr/share/initramfs-tools/hooks/cryptroot (cryptsetup-initramfs)",
        "/usr/sbin/update-initramfs (initramfs-tools)",
    )
    assert shortcomings(plain, "ID=debian", for_owner=True) == (
        "/usr/lib/reprise-first-start/reprise_first_start/drive.py (Reprise's first start)",
    )
    assert shortcomings((), "ID=fedora") == ("/etc/os-release: ID=debian / ubuntu",)


def test_both_kinds_of_live_system_are_known() -> None:
    scripts = "usr/share/initramfs-tools/scripts"
    both = {f"{scripts}/casper", f"{scripts}/live"}
    assert live_packages(both) == ("casper", "live-boot")
    assert live_packages({f"{scripts}/live"}) == ("live-boot",)


@pytest.mark.parametrize("folder", ["bin", "sbin", "lib", "lib64"])
def test_each_merged_folder(folder: str) -> None:
    assert merged(f"/{folder}/a") == f"usr/{folder}/a"
    assert merged(f"usr/{folder}/a") == f"usr/{folder}/a"


def test_each_thing_that_is_missing_is_told_with_its_path_and_its_package() -> None:
    debian = (
        "/usr/sbin/update-grub (grub2-common)",
        "/usr/sbin/grub-install (grub2-common)",
        "/usr/lib/grub/i386-pc/boot.img (grub-pc-bin)",
        "/usr/sbin/useradd (passwd)",
        "/usr/lib/shim/shimx64.efi.signed (shim-signed)",
        "/usr/lib/shim/mmx64.efi.signed (shim-signed)",
        "/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed (grub-efi-amd64-signed)",
        "/boot/vmlinuz-… (linux-image)",
        "/boot/initrd.img-… (initramfs)",
    )
    assert shortcomings((), "ID=debian") == debian
    newest = "/usr/lib/shim/shimx64.efi.signed.latest (shim-signed)"
    assert shortcomings((), "ID=ubuntu") == (*debian[:4], newest, *debian[5:])


def test_os_release_is_looked_for_where_its_manual_says() -> None:
    """os-release(5): /etc goes before /usr/lib, and either may be alone."""
    assert OS_RELEASE == ("etc/os-release", "usr/lib/os-release")


def test_every_folder_is_looked_into_that_may_hold_what_is_needed() -> None:
    every = (*DEBIAN, *UBUNTU, "usr/bin/grub-install", "usr/lib/shim/shimx64.efi.dualsigned")
    unlockers = ("usr/sbin/cryptsetup", "usr/share/initramfs-tools/hooks/cryptroot")
    starts = "usr/lib/reprise-first-start/reprise_first_start/drive.py"
    assert {path.rpartition("/")[0] for path in (*every, *unlockers, starts)} == FOLDERS
