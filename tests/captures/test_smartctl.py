"""Every recorded smartctl text gives what the catalogue says of it; no damage turns into PASSED."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from captures.catalogue import Row, parameters, rows
from captures.smartctl_text import parse_text
from reprise.domain.pc.hardware import Health
from reprise.errors import ToolError

ROWS = rows("README.md", "smartctl")
HEALTH = {"PASSED": Health.PASSED, "OK": Health.PASSED, "FAILED!": Health.FAILING}
UNITS = {"GB": 1e9, "TB": 1e12}
every_row = pytest.mark.parametrize("row", parameters(ROWS))


def notable(row: Row, pattern: str) -> str | None:
    found = re.search(pattern, row.cells["notable"])
    return found[1] if found else None


def number(row: Row, pattern: str) -> int | None:
    text = notable(row, pattern)
    return int(text) if text else None


@every_row
def test_identity(row: Row) -> None:
    reading = parse_text(row.text)
    assert reading.model == row.cells["model"]
    assert reading.firmware
    assert reading.version == row.cells["smartctl"]
    assert reading.serial is None, "masked in the file"
    assert reading.wwn is None, "masked in the file: half a name is none"


@every_row
def test_size(row: Row) -> None:
    reading = parse_text(row.text)
    amount, unit = row.cells["capacity"].replace(",", ".").split()
    assert reading.size_bytes is not None
    assert reading.size_bytes % 512 == 0
    assert abs(reading.size_bytes / UNITS[unit] - float(amount)) < 0.01 * float(amount)
    assert reading.logical_sector_bytes == 512
    if "512e" in row.cells["notable"]:
        assert reading.physical_sector_bytes == 4096


@every_row
def test_rotation(row: Row) -> None:
    said = row.cells["rotation / kind"]
    expected = int(said.split()[0]) if said.endswith("rpm") else 0 if said == "SSD" else None
    if said == "NVMe in SCSI layout":
        expected = 0
    assert parse_text(row.text).rotation_rpm == expected


@every_row
def test_health(row: Row) -> None:
    smart = parse_text(row.text).smart
    assert smart.health is HEALTH[row.cells["health"]]
    failing = notable(row, r"attribute failing now: ([^;]+)")
    names = tuple(name.strip() for name in failing.split(",")) if failing else ()
    assert smart.failing_attributes == names


@every_row
def test_counters(row: Row) -> None:
    """The catalogue names the counters that are not zero."""
    smart = parse_text(row.text).smart
    assert (smart.reallocated_sectors or None) == number(row, r"reallocated (\d+)")
    assert (smart.pending_sectors or None) == number(row, r"pending (\d+)")
    assert (smart.offline_uncorrectable or None) == number(row, r"offline uncorrectable (\d+)")
    warning = notable(row, r"critical warning (0x\d+)")
    assert smart.critical_warning == (int(warning, 16) if warning else None)
    used = number(row, r"used (\d+)%")
    assert used is None or smart.percentage_used == used


@every_row
def test_age_and_heat(row: Row) -> None:
    """Absent from the one file in the SCSI layout, and then with a reason."""
    reading = parse_text(row.text)
    hours = notable(row, r'power-on time as "(\d+)h')
    if hours:
        assert reading.smart.power_on_hours == int(hours)
    for fact in ("power_on_hours", "power_cycles", "temperature_c"):
        absent = getattr(reading.smart, fact) is None
        assert absent == (f"smart.{fact}" in reading.unknown)
        assert not absent or "SCSI layout" in row.cells["rotation / kind"]
    assert reading.smart.temperature_c is not None
    assert 10 <= reading.smart.temperature_c <= 60


@every_row
def test_security_line(row: Row) -> None:
    assert parse_text(row.text).smart.ata_security == notable(row, r"security: ([^;]+)")


# ---- damage ----

PASS_WORDS = re.compile(
    r"^(SMART overall-health self-assessment test result: PASSED|SMART Health Status: OK)\s*$",
    re.MULTILINE,
)
texts = st.sampled_from([row.text for row in ROWS] or [""])


def health_of(text: str) -> Health | None:
    """None where the tool's text is refused, the only error that is allowed."""
    try:
        return parse_text(text).smart.health
    except ToolError:
        return None


damage = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.skipif(not ROWS, reason="no captures")
@damage
@given(text=texts, cut=st.floats(0, 1))
def test_a_cut_text_passes_only_with_its_whole_verdict(text: str, cut: float) -> None:
    left = text[: int(len(text) * cut)]
    assert health_of(left) is not Health.PASSED or PASS_WORDS.search(left)


@pytest.mark.skipif(not ROWS, reason="no captures")
@damage
@given(text=texts, data=st.data())
def test_a_failing_drive_never_passes(text: str, data: st.DataObject) -> None:
    """Cut out any part, put in any characters: a text that says FAILED cannot say PASSED."""
    assume(health_of(text) is Health.FAILING)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 4000)))
    filler = data.draw(st.text(max_size=40))
    assert health_of(text[:start] + filler + text[end:]) is not Health.PASSED


@pytest.mark.skipif(not ROWS, reason="no captures")
@damage
@given(text=texts, data=st.data())
def test_a_damaged_verdict_is_unknown(text: str, data: st.DataObject) -> None:
    found = PASS_WORDS.search(text)
    assume(found is not None)
    assert found is not None
    at = data.draw(st.integers(found.start(1), found.end(1) - 1))
    other = data.draw(st.characters(categories=("L", "N", "P")))
    assume(other != text[at])
    assert health_of(text[:at] + other + text[at + 1 :]) is not Health.PASSED


@damage
@given(st.text(max_size=2000))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert health_of(text) in (None, Health.UNKNOWN)
    assert health_of("smartctl 7.4 x\n" + text) is not Health.PASSED
