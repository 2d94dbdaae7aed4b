"""eMMC bytes: commands, the EXT_CSD register, and the kernel's own numbers."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.adapters.drives.passthrough import mmc_ioctl
from reprise.domain.drives.capabilities import Support
from reprise.errors import ToolError
from reprise.wire import mmc

HEADER = Path("/usr/include/linux/mmc/ioctl.h")


def register(**fields: int) -> bytes:
    """An EXT_CSD of a 16 GB eMMC 5.1 with two boot areas of 4 MiB; `fields`: "b231" -> byte."""
    data = bytearray(512)
    data[192] = 8
    data[212:216] = (30_535_680).to_bytes(4, "little")
    data[223], data[226], data[232] = 1, 32, 2
    data[231] = 0x55
    for name, value in fields.items():
        data[int(name[1:])] = value
    return bytes(data)


def test_the_register_of_a_new_device() -> None:
    told = mmc.parse_ext_csd(register())
    assert told.size_bytes == 30_535_680 * 512
    assert (told.secure_erase, told.trim, told.sanitize) == (Support.YES,) * 3
    assert told.boot_bytes == 4 << 20
    assert told.general_purpose_areas == 0
    assert (told.erase_group_ms, told.trim_group_ms) == (300, 600)
    assert told.by_sector


def test_single_bits() -> None:
    assert mmc.parse_ext_csd(register(b231=0x10)).sanitize is Support.NO
    assert mmc.parse_ext_csd(register(b231=0x10)).trim is Support.YES
    assert mmc.parse_ext_csd(register(b231=0x01)).secure_erase is Support.YES
    assert mmc.parse_ext_csd(register(b145=1, b152=7)).general_purpose_areas == 2
    small = mmc.parse_ext_csd(register(b212=0, b213=0, b214=0x40, b215=0))  # 2 GiB exactly
    assert not small.by_sector


@pytest.mark.parametrize("data", [b"", bytes(512), b"\xff" * 512, register()[:511]])
def test_what_is_no_register(data: bytes) -> None:
    with pytest.raises(ToolError):
        mmc.parse_ext_csd(data)


def test_erase_never_discards() -> None:
    commands = mmc.erase(0, 2048, by_sector=True, trim=False, ms=1000)
    assert [(one.opcode, one.argument) for one in commands] == [
        (35, 0),
        (36, 2047),
        (38, 0),
        (13, 1 << 16),
    ]
    assert commands[2].timeout_ms == 1000
    trim = mmc.erase(8, 8, by_sector=False, trim=True, ms=1)
    assert [one.argument for one in trim[:3]] == [8 * 512, 15 * 512, 1]


def test_sanitize_is_a_switch_of_byte_165() -> None:
    command = mmc.sanitize(5)
    assert (command.opcode, command.argument) == (6, 0x03A50100)
    assert command.words == ("eMMC", "SWITCH SANITIZE_START", "CMD6", "argument=03a50100")


def test_the_kernels_flags() -> None:
    """<linux/mmc/core.h>: MMC_RSP_R1, MMC_RSP_R1B, MMC_CMD_ADTC (not for user space, so copied
    here from its text)."""
    assert mmc.send_status().flags == 0x15
    assert mmc.sanitize(1).flags == 0x1D
    assert mmc.send_ext_csd().flags == 0x35


def test_a_status_without_complaints() -> None:
    assert mmc.complaints(0x0000_0900) == ()  # transfer state, ready for data
    assert mmc.complaints(1 << 26 | 1 << 15) == ("WP_VIOLATION", "WP_ERASE_SKIP")


def test_the_debug_files_text() -> None:
    assert mmc.parse_ext_csd_text(register().hex() + "\n") == register()
    with pytest.raises(ToolError):
        mmc.parse_ext_csd_text("00 zz")


@given(st.binary(max_size=600))
def test_garbage_raises_nothing_but_toolerror(data: bytes) -> None:
    with contextlib.suppress(ToolError):
        mmc.parse_ext_csd(data)


@given(st.binary(min_size=512, max_size=512))
def test_yes_only_where_its_bit_is_set(data: bytes) -> None:
    with contextlib.suppress(ToolError):
        told = mmc.parse_ext_csd(data)
        assert (told.sanitize is Support.YES) == bool(data[231] & 0x40)


@given(st.text())
def test_garbage_text(text: str) -> None:
    with contextlib.suppress(ToolError):
        mmc.parse_ext_csd_text(text)


@pytest.mark.skipif(not HEADER.exists(), reason="no kernel headers")
def test_the_structure_is_the_kernels() -> None:
    text = HEADER.read_text()
    body = re.search(r"struct mmc_ioc_cmd \{(.*?)\n\};", text, re.S)
    assert body is not None
    bare = re.sub(r"/\*.*?\*/", "", body[1], flags=re.S)
    members = re.findall(r"(int|unsigned int|__u32|__u64) (\w+)(?:\[(\d+)\])?;", bare)
    size = {"__u64": 8}
    total = sum(size.get(kind, 4) * int(count or 1) for kind, _name, count in members)
    assert total == mmc_ioctl.COMMAND.size == 72
    assert [name for _kind, name, _count in members] == list(mmc_ioctl.MEMBERS)
    assert "#define MMC_IOC_CMD _IOWR(MMC_BLOCK_MAJOR, 0, struct mmc_ioc_cmd)" in text
    assert "#define MMC_IOC_MULTI_CMD _IOWR(MMC_BLOCK_MAJOR, 1, struct mmc_ioc_multi_cmd)" in text
    major = Path("/usr/include/linux/major.h").read_text()
    assert re.search(r"#define MMC_BLOCK_MAJOR\s+179\b", major)
    assert iowr(179, 0, 72) == mmc_ioctl.MMC_IOC_CMD
    assert iowr(179, 1, 8) == mmc_ioctl.MMC_IOC_MULTI_CMD  # a flexible array has no size
    fs = Path("/usr/include/linux/fs.h").read_text()
    assert "#define BLKSECDISCARD _IO(0x12,125)" in fs
    assert mmc_ioctl.BLKSECDISCARD == 0x12 << 8 | 125


def iowr(kind: int, number: int, size: int) -> int:
    """<asm-generic/ioctl.h>: direction (2 bits), size (14), type (8), number (8)."""
    return 3 << 30 | size << 16 | kind << 8 | number
