"""The tools' JSON: smartctl, lsblk. Each base is a recording of the real tool (see
recorded/README.md) and each case is one mutation of it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reprise.domain.pc.hardware import Health
from reprise.errors import ToolError
from reprise.tools.lsblk import argv_lsblk, parse_lsblk
from reprise.tools.smartctl import parse_json, said_by
from station_kit.places import RECORDED


def recorded(name: str) -> bytes:
    return (RECORDED / name).read_bytes()


def mutated(name: str, change: Callable[[Any], object]) -> bytes:
    top = json.loads(recorded(name))
    change(top)
    return json.dumps(top).encode()


def put(*path: Any, value: Any) -> Callable[[Any], None]:
    def change(top: Any) -> None:
        for step in path[:-1]:
            top = top[step]
        top[path[-1]] = value

    return change


def drop(*path: Any) -> Callable[[Any], None]:
    def change(top: Any) -> None:
        for step in path[:-1]:
            top = top[step]
        del top[path[-1]]

    return change


# ---- smartctl ----


def test_a_sata_drive() -> None:
    reading = parse_json(recorded("smartctl-sata.json"))
    assert (reading.model, reading.serial) == ("WDC WD5000AAKX-001CA0", "SATA123")
    assert reading.wwn == "0x50014ee2b1234567"
    assert reading.size_bytes == 64 << 20
    assert (reading.logical_sector_bytes, reading.version) == (512, "7.4")
    smart = reading.smart
    assert smart.health is Health.PASSED
    assert (smart.temperature_c, smart.power_on_hours) == (31, 1)
    assert (smart.reallocated_sectors, smart.failing_attributes) == (0, ())
    assert "smart.health" not in reading.unknown


def test_an_nvme_drive() -> None:
    reading = parse_json(recorded("smartctl-nvme.json"))
    assert (reading.model, reading.serial) == ("QEMU NVMe Ctrl", "NVME123")
    smart = reading.smart
    assert smart.health is Health.PASSED
    assert (smart.temperature_c, smart.percentage_used, smart.critical_warning) == (50, 0, 0)
    assert smart.power_on_hours == 0, "zero is a fact, not an absent one"


@pytest.mark.parametrize("name", ["smartctl-usb-unknown.json", "smartctl-no-device.json"])
def test_a_drive_that_cannot_be_asked_has_the_tools_own_words(name: str) -> None:
    with pytest.raises(ToolError):
        parse_json(recorded(name))
    assert "/dev/" in said_by(recorded(name))


_FIRST = ("ata_smart_attributes", "table", 0)


@pytest.mark.parametrize(
    ("name", "change", "health"),
    [
        ("smartctl-sata.json", put("smart_status", "passed", value=False), Health.FAILING),
        ("smartctl-sata.json", put("smartctl", "exit_status", value=8), Health.FAILING),
        ("smartctl-sata.json", put("smartctl", "exit_status", value=4), Health.PASSED),
        ("smartctl-sata.json", put(*_FIRST, "when_failed", value="now"), Health.FAILING),
        ("smartctl-sata.json", put(*_FIRST, "when_failed", value="past"), Health.PASSED),
        ("smartctl-sata.json", put("smart_status", "passed", value=1), Health.UNKNOWN),
        ("smartctl-sata.json", put("smart_status", "passed", value="true"), Health.UNKNOWN),
        ("smartctl-sata.json", put("smart_status", value=True), Health.UNKNOWN),
        ("smartctl-sata.json", drop("smart_status"), Health.UNKNOWN),
        (
            "smartctl-nvme.json",
            put("nvme_smart_health_information_log", "critical_warning", value=4),
            Health.FAILING,
        ),
        ("smartctl-nvme.json", drop("smart_status"), Health.UNKNOWN),
    ],
)
def test_health_after_one_change(name: str, change: Callable[[Any], None], health: Health) -> None:
    reading = parse_json(mutated(name, change))
    assert reading.smart.health is health
    assert ("smart.health" in reading.unknown) == (health is Health.UNKNOWN)


def test_a_verdict_from_thresholds_alone_is_no_verdict_of_the_drive() -> None:
    """What smartctl says where a bridge hides the drive's own answer."""
    warning = {"string": "Warning: This result is based on an Attribute check."}
    data = mutated("smartctl-sata.json", put("smartctl", "messages", value=[warning]))
    reading = parse_json(data)
    assert reading.smart.health is Health.UNKNOWN
    assert reading.unknown["smart.health"] == "attributes-only"


@pytest.mark.parametrize("status", [1, 2, 3, 6, 10])
def test_a_drive_that_was_not_opened_gives_no_facts(status: int) -> None:
    with pytest.raises(ToolError):
        parse_json(mutated("smartctl-sata.json", put("smartctl", "exit_status", value=status)))


@pytest.mark.parametrize(
    ("path", "value", "fact"),
    [
        (("temperature", "current"), 900, "temperature_c"),
        (("power_on_time", "hours"), 2**40, "power_on_hours"),
        (("power_on_time", "hours"), True, "power_on_hours"),
    ],
)
def test_an_absurd_number_is_absent_with_a_reason(
    path: tuple[str, ...], value: object, fact: str
) -> None:
    reading = parse_json(mutated("smartctl-nvme.json", put(*path, value=value)))
    assert getattr(reading.smart, fact) is None
    assert f"smart.{fact}" in reading.unknown


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_no_damage_to_a_failing_drive_turns_into_passed(data: st.DataObject) -> None:
    text = mutated("smartctl-sata.json", put("smart_status", "passed", value=False))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 500)))
    damaged = text[:start] + data.draw(st.binary(max_size=10)) + text[end:]
    assume(b'"passed": true' not in damaged)
    with contextlib.suppress(ToolError):
        assert parse_json(damaged).smart.health is not Health.PASSED


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), value=_JSON)
def test_any_value_in_any_place_is_read_or_refused(data: st.DataObject, value: object) -> None:
    """Every reader of JSON: one top-level field replaced by anything."""
    for name, reader in (
        ("smartctl-sata.json", parse_json),
        ("smartctl-nvme.json", parse_json),
        ("lsblk.json", parse_lsblk),
    ):
        top = json.loads(recorded(name))
        key = data.draw(st.sampled_from(sorted(top)))
        top[key] = value
        try:
            reader(json.dumps(top).encode())
        except ToolError:
            continue


# ---- lsblk ----


def test_lsblk_is_asked_for_the_columns_of_the_type() -> None:
    rows = parse_lsblk(recorded("lsblk.json"))
    disks = {row.kname: row for row in rows if row.kind == "disk" and row.size_bytes}
    assert disks["sda"].serial == "SATA123"
    assert disks["sda"].transport == "sata"
    assert disks["sdb"].label == "REPRISE_LIVE"
    assert disks["nvme0n1"].transport == "nvme"
    asked = argv_lsblk()[-1].lower().split(",")
    assert set(asked) == set(json.loads(recorded("lsblk.json"))["blockdevices"][0])
    assert argv_lsblk("/dev/sda")[-1] == "/dev/sda"


@pytest.mark.parametrize("column", ["path", "size", "serial", "partlabel"])
def test_a_missing_column_is_an_error_not_an_absent_fact(column: str) -> None:
    with pytest.raises(ToolError):
        parse_lsblk(mutated("lsblk.json", drop("blockdevices", 0, column)))


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"{", b"\xff"])
def test_what_is_no_answer_is_refused(data: bytes) -> None:
    for reader in (parse_json, parse_lsblk):
        with pytest.raises(ToolError):
            reader(data)
