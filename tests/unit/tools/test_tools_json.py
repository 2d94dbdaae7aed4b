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
from reprise.tools.smartctl import argv_smartctl, parse_json, said_by
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
        (("temperature", "current"), 0, "temperature_c"),
        (("temperature", "current"), 128, "temperature_c"),
        (("nvme_smart_health_information_log", "percentage_used"), 255, "percentage_used"),
    ],
)
def test_an_absurd_number_is_absent_with_a_reason(
    path: tuple[str, ...], value: object, fact: str
) -> None:
    reading = parse_json(mutated("smartctl-nvme.json", put(*path, value=value)))
    assert getattr(reading.smart, fact) is None
    assert f"smart.{fact}" in reading.unknown


@pytest.mark.parametrize("number", [5, 197, 198])
def test_a_count_that_nobody_wrote_is_no_count(number: int) -> None:
    def fill(top: Any) -> None:
        row = {"id": number, "name": "X", "raw": {"string": "4294967295"}}
        top["ata_smart_attributes"]["table"] = [row]

    reading = parse_json(mutated("smartctl-sata.json", fill))
    smart = reading.smart
    counts = (smart.reallocated_sectors, smart.pending_sectors, smart.offline_uncorrectable)
    assert counts == (None, None, None)
    told = [
        reason for fact, reason in reading.unknown.items() if fact.endswith(("sectors", "table"))
    ]
    assert told or number == 198
    assert "unreadable: 4294967295" in reading.unknown.values()


def _wear(valid: bool) -> dict[str, Any]:
    """As ataprint.cpp of smartctl 7.4 writes page 7 of the Device Statistics log."""
    name = "Percentage Used Endurance Indicator"
    row = {"offset": 8, "name": name, "size": 1, "value": 7, "flags": {"valid": valid}}
    return {"pages": [{"number": 7, "table": [row]}]}


def test_the_wear_of_a_drive_that_is_not_nvme() -> None:
    assert "ssd" in argv_smartctl("/dev/sda")

    def wear(name: str, value: object) -> int | None:
        return parse_json(
            mutated("smartctl-sata.json", put(name, value=value))
        ).smart.percentage_used

    assert wear("ata_device_statistics", _wear(valid=True)) == 7
    assert wear("ata_device_statistics", _wear(valid=False)) is None
    assert wear("scsi_percentage_used_endurance_indicator", 11) == 11
    assert wear("endurance_used", {"current_percent": 3}) == 3
    assert wear("scsi_percentage_used_endurance_indicator", 255) is None


def test_what_a_sas_drive_counts() -> None:
    def scsi(top: Any) -> None:
        del top["ata_smart_attributes"], top["power_cycle_count"]
        top["scsi_grown_defect_list"] = 12
        top["scsi_start_stop_cycle_counter"] = {"accumulated_start_stop_cycles": 34}

    smart = parse_json(mutated("smartctl-sata.json", scsi)).smart
    assert (smart.reallocated_sectors, smart.power_cycles) == (12, 34)


@pytest.mark.parametrize("of_table", [False, True])
@pytest.mark.parametrize(
    ("number", "health"), [(190, Health.PASSED), (194, Health.PASSED), (5, Health.FAILING)]
)
def test_a_drive_that_is_warm_now_is_not_failing(
    number: int, health: Health, of_table: bool
) -> None:
    """Where a bridge hides the drive's own answer, smartctl says FAILED for any such attribute."""
    words = [{"string": "Warning: This result is based on an Attribute check."}]

    def heat(top: Any) -> None:
        flags = {"prefailure": True}
        row = {"id": number, "name": "X", "when_failed": "now", "flags": flags, "raw": {}}
        top["ata_smart_attributes"]["table"] = [row]
        if of_table:
            top["smart_status"]["passed"] = False
            top["smartctl"] |= {"exit_status": 8, "messages": words}

    smart = parse_json(mutated("smartctl-sata.json", heat)).smart
    expected = Health.UNKNOWN if of_table and health is Health.PASSED else health
    assert smart.health is expected
    assert bool(smart.failing_attributes) == (health is Health.FAILING)


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


_ENDLESS = b'{"blockdevices": [{"size": Infinity, "kname": "a", "path": "b", "type": "disk"}]}'


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"{", b"\xff", _ENDLESS])
def test_what_is_no_answer_is_refused(data: bytes) -> None:
    for reader in (parse_json, parse_lsblk):
        with pytest.raises(ToolError):
            reader(data)
