"""The emulated TCG drive speaks as the kernel's sed-opal expects, before any test trusts it."""

from __future__ import annotations

import struct
from types import SimpleNamespace
from typing import Any

import pytest

from lab.media import Media
from lab.nvme.opal import PSID, TRIES, Tper, atoms
from reprise.domain.drives.capabilities import Support
from reprise.wire.opal import normal_psid, parse_discovery

RECEIVE, SEND = 0x82, 0x81
SMUID, ADMIN_SP = bytes.fromhex("00000000000000ff"), bytes.fromhex("0000020500000001")
START, REVERT = bytes.fromhex("000000000000ff02"), bytes.fromhex("0000000600000202")
AUTHORITY = bytes.fromhex("000000090001ff01")


class Wire:
    """What <block/sed-opal.c> sends, over an emulated drive without a kernel."""

    def __init__(self, **facts: Any) -> None:
        self.tper = Tper(**facts)
        media = Media(64, 512, 8, "ssd")
        media.write(0, b"secret".ljust(512) * 64)
        self.media = media
        inside = SimpleNamespace(
            more={},
            namespaces={1: SimpleNamespace(sectors=64, unreadable=set())},
            all_media=lambda: [media],
        )
        self.tper.plug(SimpleNamespace(subsystem=inside))  # type: ignore[arg-type]
        self.do = inside.more
        self.inside = inside

    def exchange(self, tokens: bytes) -> list[bytes | int]:
        cdw = (0,) * 10 + (0x01 << 24 | 0x1000 << 8, 2048)
        sub = struct.pack(">6xHI", 0, len(tokens)) + tokens
        sent = (bytes(20 + 24) + sub).ljust(2048, b"\0")
        self.do[SEND](SimpleNamespace(cdw=cdw), sent)
        reply = self.do[RECEIVE](SimpleNamespace(cdw=cdw), b"").data
        outstanding, least = struct.unpack_from(">II", reply, 8)
        assert (outstanding, least) == (0, 1)  # else the kernel asks again, for ever
        (size,) = struct.unpack_from(">I", reply, 52)
        return atoms(reply[56 : 56 + size])

    def session(self, psid: str) -> list[bytes | int]:
        call = b"\xf8\xa8" + SMUID + b"\xa8" + START + b"\xf0\x81\x41\xa8" + ADMIN_SP + b"\x01"
        challenge = b"\xf2\x00\xd0" + bytes((len(psid),)) + psid.encode() + b"\xf3"
        return self.exchange(
            call + challenge + b"\xf2\x03\xa8" + AUTHORITY + b"\xf3\xf1\xf9\xf0\0\0\0\xf1"
        )

    def revert(self) -> list[bytes | int]:
        return self.exchange(
            b"\xf8\xa8" + ADMIN_SP + b"\xa8" + REVERT + b"\xf0\xf1\xf9\xf0\0\0\0\xf1"
        )


def test_discovery_is_what_the_product_reads() -> None:
    assert parse_discovery(Tper().discovery()).revertible is Support.YES
    assert parse_discovery(Tper(encrypts=False).discovery()).revertible is Support.UNKNOWN
    wire = Wire()
    wire.tper.locked = True
    assert parse_discovery(wire.tper.discovery()).locked
    assert wire.inside.namespaces[1].unreadable


def test_a_session_and_a_revert() -> None:
    wire = Wire()
    wire.tper.locked = True
    said = wire.session(PSID)
    assert said[4:6] == [0x41, 0x1001]  # where the kernel looks for the session numbers
    assert said[-4] == 0
    assert wire.media.contains(b"secret") != (0, 0)
    assert wire.revert()[-4] == 0
    assert wire.media.contains(b"secret") == (0, 0)
    assert not wire.tper.locked


def test_wrong_passwords_are_counted() -> None:
    wire = Wire()
    assert [wire.session("X" * 32)[-4] for _n in range(TRIES + 1)] == [1] * TRIES + [0x12]
    assert wire.session(PSID)[-4] == 0x12
    assert wire.revert()[-4] == 1  # no session, no revert
    assert wire.media.contains(b"secret") != (0, 0)


@pytest.mark.parametrize("typed", [PSID, PSID.lower(), " ".join(PSID)])
def test_the_labs_psid_is_one(typed: str) -> None:
    assert normal_psid(typed) == PSID
