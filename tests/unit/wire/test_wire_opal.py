"""TCG: Level 0 Discovery as drives answer it, PSIDs as people type them, the kernel's numbers."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.adapters.drives.passthrough import opal_ioctl
from reprise.domain.drives.capabilities import Support
from reprise.errors import ToolError
from reprise.wire.opal import Feature, normal_psid, parse_discovery, status_name

HEADER = Path("/usr/include/linux/sed-opal.h")

TPER = bytes.fromhex("0001100c") + b"\x11" + bytes(11)
OPAL_2 = bytes.fromhex("02031010") + bytes.fromhex("07fe0001") + bytes(12)
OPAL_1 = bytes.fromhex("02001010") + bytes(16)
PYRITE = bytes.fromhex("03021010") + bytes(16)
ENTERPRISE = bytes.fromhex("01001010") + bytes(16)
RUBY = bytes.fromhex("03041010") + bytes(16)
BLOCK_SID = bytes.fromhex("0402100c") + bytes(12)
VENDOR = bytes.fromhex("c0001004") + bytes(4)


def locking(bits: int) -> bytes:
    return bytes.fromhex("0002100c") + bytes((bits,)) + bytes(11)


def answer(*features: bytes, pad: int = 2048) -> bytes:
    body = bytes(44) + b"".join(features)
    return (len(body).to_bytes(4, "big") + body).ljust(pad, b"\0")


ENCRYPTS, LOCKED, ENABLED, CAN = 0x08, 0x04, 0x02, 0x01


@pytest.mark.parametrize(
    ("features", "support"),
    [
        ((TPER, locking(CAN | ENCRYPTS), OPAL_2, BLOCK_SID), Support.YES),
        ((TPER, locking(CAN | ENABLED | LOCKED | ENCRYPTS), OPAL_2), Support.YES),
        ((TPER, locking(CAN | ENCRYPTS), OPAL_1), Support.YES),
        # says that it does not encrypt, or does not say: a revert may leave the data
        ((TPER, locking(CAN), OPAL_2), Support.UNKNOWN),
        ((TPER, OPAL_2), Support.UNKNOWN),
        # the kernel opens no session with these
        ((TPER, locking(CAN | ENCRYPTS), ENTERPRISE), Support.UNKNOWN),
        ((TPER, locking(CAN | ENCRYPTS), RUBY), Support.UNKNOWN),
        ((TPER, locking(CAN), PYRITE), Support.NO),
        ((TPER,), Support.NO),
        ((), Support.NO),
    ],
)
def test_who_can_be_reverted(features: tuple[bytes, ...], support: Support) -> None:
    assert parse_discovery(answer(*features)).revertible is support


@pytest.mark.parametrize(
    ("features", "opened"),
    [
        ((TPER, locking(CAN | ENABLED | ENCRYPTS), OPAL_2), Support.YES),
        ((TPER, locking(CAN | ENABLED), PYRITE), Support.YES),
        ((TPER, locking(CAN | ENABLED | LOCKED | ENCRYPTS), OPAL_2), Support.NO),
        ((TPER, locking(CAN | ENCRYPTS), OPAL_2), Support.NO),  # as it left its factory
        ((TPER,), Support.NO),
    ],
)
def test_who_is_open_and_locks_without_power(features: tuple[bytes, ...], opened: Support) -> None:
    assert parse_discovery(answer(*features)).opened is opened


def test_the_locking_bits() -> None:
    told = parse_discovery(answer(TPER, locking(CAN | ENABLED | LOCKED | ENCRYPTS), OPAL_2, VENDOR))
    assert (told.locked, told.encrypts) == (True, True)
    assert {Feature.TPER, Feature.LOCKING, Feature.OPAL_2} <= told.features
    assert "0203" in told.words
    assert parse_discovery(answer(TPER)).locked is None


def test_a_drive_without_security_answers_zeros() -> None:
    assert parse_discovery(bytes(2048)).revertible is Support.NO


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(47),
        answer(OPAL_2)[:60],  # cut off
        (4000).to_bytes(4, "big") + bytes(2044),
        bytes(4) + b"\x01" + bytes(2043),  # no length, and yet something
        answer(bytes.fromhex("020310ff") + bytes(4)),  # a descriptor longer than the answer
    ],
)
def test_what_is_no_discovery(data: bytes) -> None:
    with pytest.raises(ToolError):
        parse_discovery(data)


@given(st.binary(max_size=400))
def test_garbage_raises_nothing_but_toolerror(data: bytes) -> None:
    with contextlib.suppress(ToolError):
        parse_discovery(data)


@given(st.binary(max_size=300))
def test_yes_needs_opal_and_encryption(body: bytes) -> None:
    with contextlib.suppress(ToolError):
        told = parse_discovery(answer(body))
        if told.revertible is Support.YES:
            assert told.encrypts
            assert {0x0200, 0x0203} & told.features


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ABCDEFGH12345678ABCDEFGH12345678", "ABCDEFGH12345678ABCDEFGH12345678"),
        (" abcd-efgh-1234-5678 abcd-efgh-1234-5678\n", "ABCDEFGH12345678ABCDEFGH12345678"),
        ("ABCDEFGHabcdefgh1234567812345678", "ABCDEFGHabcdefgh1234567812345678"),
        ("ABCDEFGH12345678ABCDEFGH1234567", None),
        ("ABCDEFGH12345678ABCDEFGH123456789", None),
        ("ABCDEFGH12345678ABCDEFGH1234567_", None),
        ("ABCDEFGH12345678ABCDEFGH1234567É", None),
        ("ABCDEFGH12345678ABCDEFGH1234567٣", None),
        ("", None),
    ],
)
def test_psid(typed: str, meant: str | None) -> None:
    assert normal_psid(typed) == meant


@given(st.text(max_size=80))
def test_a_psid_is_always_thirty_two_letters_and_digits(typed: str) -> None:
    meant = normal_psid(typed)
    assert meant is None or re.fullmatch(r"[A-Za-z0-9]{32}", meant)


def test_status_names() -> None:
    assert status_name(0x01) == "NOT_AUTHORIZED"
    assert status_name(0x12) == "AUTHORITY_LOCKED_OUT"
    assert status_name(0x77) == "status 77h"


@pytest.mark.skipif(not HEADER.exists(), reason="no kernel headers")
def test_the_structures_are_the_kernels() -> None:
    text = HEADER.read_text()
    sizes = {"opal_key": 264, "opal_status": 8, "opal_discovery": 16}
    assert struct_bytes(text, "opal_key", {"OPAL_KEY_MAX": 256}) == sizes["opal_key"]
    assert struct_bytes(text, "opal_status") == sizes["opal_status"]
    assert struct_bytes(text, "opal_discovery") == sizes["opal_discovery"]
    assert opal_ioctl.KEY.size == sizes["opal_key"]
    for name, value in (
        ("IOC_OPAL_PSID_REVERT_TPR", opal_ioctl.IOC_OPAL_PSID_REVERT_TPR),
        ("IOC_OPAL_GET_STATUS", opal_ioctl.IOC_OPAL_GET_STATUS),
        ("IOC_OPAL_DISCOVERY", opal_ioctl.IOC_OPAL_DISCOVERY),
    ):
        line = re.search(rf"#define {name}\s+_(IOW|IOR)\('p', (\d+), struct (\w+)\)", text)
        assert line is not None, name
        direction = {"IOW": 1, "IOR": 2}[line[1]]
        made = direction << 30 | sizes[line[3]] << 16 | ord("p") << 8 | int(line[2])
        assert value == made, name
    for name, value in (
        ("OPAL_FL_SUPPORTED", opal_ioctl.FL_SUPPORTED),
        ("OPAL_FL_LOCKED", opal_ioctl.FL_LOCKED),
        ("OPAL_FL_MBR_ENABLED", opal_ioctl.FL_MBR_ENABLED),
        ("OPAL_FL_MBR_DONE", opal_ioctl.FL_MBR_DONE),
    ):
        line = re.search(rf"#define {name}\s+(0x[0-9a-fA-F]+)", text)
        assert line is not None
        assert int(line[1], 16) == value


def struct_bytes(text: str, name: str, sizes: dict[str, int] | None = None) -> int:
    """Of a struct without holes (these have none: each says so by its explicit padding)."""
    body = re.search(rf"struct {name} \{{(.*?)\n\}};", text, re.S)
    assert body is not None
    bare = re.sub(r"/\*.*?\*/", "", body[1], flags=re.S)
    total = 0
    for bits, count in re.findall(r"__u(8|16|32|64) \w+(?:\[(\w+)\])?;", bare):
        many = (sizes or {}).get(count) or int(count or 1)
        total += int(bits) // 8 * many
    return total
