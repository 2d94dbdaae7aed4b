"""NVMe by the byte: commands as the specification lays them out, and answers that may be damaged.
The controller is QEMU's, as recorded (recorded/nvme-id-ctrl.json), with one field changed."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.drives.capabilities import SanitizeState
from reprise.domain.planning.techniques import Technique
from reprise.errors import ToolError
from reprise.wire.nvme import (
    AdminCommand,
    active_namespaces,
    allocated_namespaces,
    identify_controller,
    identify_namespace,
    parse_controller,
)
from reprise.wire.nvme_erase import (
    LbaFormat,
    exit_failure_mode,
    format_nvm,
    parse_lba_format,
    parse_sanitize_status,
    sanitize,
    sanitize_status,
)
from reprise.wire.nvme_status import Meaning, Refusal, meaning, refusal
from unit.adapters.drives.nvme_data import controller, log

BLOCK, OVERWRITE = Technique.NVME_SANITIZE_BLOCK, Technique.NVME_SANITIZE_OVERWRITE
CRYPTO = Technique.NVME_SANITIZE_CRYPTO
USER_DATA, FORMAT_CRYPTO = Technique.NVME_FORMAT_USER_DATA, Technique.NVME_FORMAT_CRYPTO


def namespace(*, nlbaf: int = 3, flbas: int = 0, dps: int = 0, nulbaf: int = 0) -> bytes:
    data = bytearray(4096)
    struct.pack_into("<Q", data, 0, 1 << 20)
    data[25], data[26], data[29], data[82] = nlbaf, flbas, dps, nulbaf
    for index in range(min(nlbaf + 1 + nulbaf, 64)):
        data[128 + 4 * index + 2] = 9
    return bytes(data)


# ---- commands ----


@pytest.mark.parametrize(
    ("command", "opcode", "nsid", "cdw10"),
    [
        (identify_controller(), 0x06, 0, 0x01),
        (identify_namespace(3), 0x06, 3, 0x00),
        (active_namespaces(), 0x06, 0, 0x02),
        (allocated_namespaces(), 0x06, 0, 0x10),
        (sanitize_status(), 0x02, 0xFFFF_FFFF, 0x007F_0081),
        (sanitize(BLOCK), 0x84, 0, 0x0A),
        (sanitize(OVERWRITE), 0x84, 0, 0x1B),
        (sanitize(CRYPTO), 0x84, 0, 0x0C),
        (sanitize(BLOCK, purge=True), 0x84, 0, 0x80A),
        (exit_failure_mode(), 0x84, 0, 0x01),
    ],
)
def test_commands_as_specified(command: AdminCommand, opcode: int, nsid: int, cdw10: int) -> None:
    assert (command.opcode, command.namespace_id) == (opcode, nsid)
    assert command.cdw10 == cdw10
    assert command.cdw11 == 0, "the overwrite pattern"


@pytest.mark.parametrize(
    ("ns", "cdw10"),
    [
        (namespace(), 0x200),
        (namespace(flbas=0x03), 0x203),
        (namespace(nlbaf=15, flbas=0x1F), 0x21F),  # metadata at the end of each sector
        (namespace(flbas=0x01, dps=0b1010), 0x341),  # type 2, in the first bytes
        (namespace(nlbaf=20, flbas=0b010_0011), 0x1203),  # format 19: upper bits count
        (namespace(nlbaf=7, nulbaf=12, flbas=0b010_0011), 0x1203),
        (namespace(nlbaf=15, flbas=0b110_0011), 0x203),  # not more than 16: upper bits do not
    ],
)
def test_a_format_keeps_the_sectors_as_they_are(ns: bytes, cdw10: int) -> None:
    command = format_nvm(5, parse_lba_format(ns), USER_DATA)
    assert (command.opcode, command.namespace_id, command.cdw10) == (0x80, 5, cdw10)
    crypto = format_nvm(5, parse_lba_format(ns), FORMAT_CRYPTO)
    assert crypto.cdw10 == cdw10 - 0x200 + 0x400


@pytest.mark.parametrize(
    "ns",
    [
        namespace(nlbaf=3, flbas=4),
        namespace(nlbaf=63, nulbaf=1),
        namespace(dps=4),
        bytes(4096),
        namespace()[:-1],
        b"",
        b"\xff" * 4096,
    ],
)
def test_a_namespace_whose_format_is_not_known_is_not_formatted(ns: bytes) -> None:
    with pytest.raises(ToolError):
        parse_lba_format(ns)


@given(st.integers(0, 63), st.booleans(), st.integers(0, 3), st.booleans())
def test_no_setting_of_a_format_leaks_into_another(
    index: int, extended: bool, protection: int, first: bool
) -> None:
    word = LbaFormat(index, extended, protection, first).cdw10(0b010)
    assert word & 0xF | (word >> 12 & 0b11) << 4 == index
    assert (bool(word >> 4 & 1), word >> 5 & 0b111) == (extended, protection)
    assert (bool(word >> 8 & 1), word >> 9 & 0b111) == (first, 0b010)
    assert word < 1 << 14


@pytest.mark.parametrize(
    "changes", [{"sn": ""}, {"mn": "\0" * 40}, {"sn": "\x7f"}, {"sn": "tab\tbed"}]
)
def test_a_controller_without_a_name_is_not_believed(changes: dict[str, object]) -> None:
    with pytest.raises(ToolError):
        parse_controller(controller(**changes))


@pytest.mark.parametrize(
    ("sstat", "state"),
    [
        (0x0000, SanitizeState.IDLE),
        (0x0101, SanitizeState.SUCCEEDED),
        (0x0002, SanitizeState.RUNNING),
        (0x000A, SanitizeState.RUNNING),  # one pass of an overwrite is done
        (0x0003, SanitizeState.FAILED),
        (0x0004, SanitizeState.SUCCEEDED),
        (0x0005, SanitizeState.UNKNOWN),
        (0xFFFF, SanitizeState.UNKNOWN),
    ],
)
def test_states_of_the_log(sstat: int, state: SanitizeState) -> None:
    found = parse_sanitize_status(log(0x8000, sstat, 0x0A))
    assert found.state is state
    assert (found.progress, found.cdw10, found.estimates) == (0x8000, 0x0A, {})


# ---- status ----


@pytest.mark.parametrize(
    ("status", "said", "why"),
    [
        (0x4286, Meaning.ACCESS_DENIED, Refusal.BLOCKED_BY_FIRMWARE),
        (0x2001, Meaning.INVALID_OPCODE, Refusal.BLOCKED_BY_FIRMWARE),
        (0x0001, Meaning.INVALID_OPCODE, Refusal.BLOCKED_BY_FIRMWARE),
        (0x010A, Meaning.INVALID_FORMAT, Refusal.BLOCKED_BY_FIRMWARE),
        (0x4015, Meaning.OPERATION_DENIED, Refusal.BLOCKED_BY_FIRMWARE),
        (0x001D, Meaning.SANITIZE_RUNNING, Refusal.SANITIZE_RUNNING),
        (0x401C, Meaning.SANITIZE_FAILED, Refusal.FAILURE_MODE),
        (0x0020, Meaning.WRITE_PROTECTED, Refusal.WRITE_PROTECTED),
        (0x4111, Meaning.FIRMWARE_PENDING, Refusal.FIRMWARE_PENDING),
        (0x4002, Meaning.INVALID_FIELD, Refusal.OTHER),
        (0x07FF, Meaning.OTHER, Refusal.OTHER),
    ],
)
def test_what_a_refusal_means(status: int, said: Meaning, why: Refusal) -> None:
    assert (meaning(status), refusal(status)) == (said, why)
