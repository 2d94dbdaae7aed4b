"""Every recorded SMBIOS table gives what the catalogue and the file itself say."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from captures.catalogue import Row, parameters, rows
from reprise.domain.pc.placeholders import is_placeholder
from reprise.errors import ToolError
from reprise.tools.dmidecode import DmiFacts, parse_dmidecode

ROWS = rows("dmidecode/README.md", "dmidecode")
every_row = pytest.mark.parametrize("row", parameters(ROWS))

# The catalogue took these makers from another structure (a processor, a memory module).
MISTAKEN = {"SK Hynix", "Samsung", "Hynix", "Micron Technology", "Intel(R) Corporation", ""}


def words(text: str | None) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", (text or "").lower()))


def named_by_the_file(row: Row) -> set[str]:
    """Makers in System Information and Base Board Information, straight from the text."""
    blocks = re.split(r"\n\s*\n", row.text)
    titled = [b for b in blocks if re.search(r"^(System|Base Board) Information", b, re.M)]
    makers = (re.search(r"^\tManufacturer: *(.*?) *$", b, re.M) for b in titled)
    return {m[1] for m in makers if m and m[1]}


@every_row
def test_maker(row: Row) -> None:
    maker = parse_dmidecode(row.text).machine.maker
    assert maker in named_by_the_file(row), "a maker is read, never guessed"
    if row.cells["maker"] not in MISTAKEN:
        assert maker == row.cells["maker"]


@every_row
def test_model(row: Row) -> None:
    """The catalogue shortened some names; every word that it kept is in ours."""
    machine = parse_dmidecode(row.text).machine
    ours = words(machine.model)
    if machine.named_by == "board":
        ours |= words(machine.board_version)
    assert machine.model
    assert words(row.cells["model"]) <= ours


@every_row
def test_bios_date(row: Row) -> None:
    """The catalogue has the file's own month/day/year."""
    month, day, year = row.cells["BIOS date"].split("/")
    expected = f"{year if len(year) == 4 else '20' + year}-{month}-{day}"
    assert parse_dmidecode(row.text).machine.firmware.date == expected


@every_row
def test_memory(row: Row) -> None:
    """The modules add up to what the file's own lines say."""
    sizes = re.findall(r"^\tSize: (\d+) (MB|GB)\s*$", row.text, re.MULTILINE)
    expected = sum(int(n) << (20 if unit == "MB" else 30) for n, unit in sizes)
    facts = parse_dmidecode(row.text)
    assert facts.installed_bytes == expected > 0
    used = [slot for slot in facts.slots if slot.size_bytes]
    assert len(used) == len(sizes)
    empty = len(re.findall(r"^\tSize: No Module Installed", row.text, re.MULTILINE))
    assert len(facts.slots) == len(sizes) + empty


@every_row
def test_chassis_and_version(row: Row) -> None:
    facts = parse_dmidecode(row.text)
    assert facts.machine.chassis
    assert facts.machine.firmware.vendor
    assert facts.machine.firmware.version


@every_row
def test_masked_numbers_are_absent_with_a_reason(row: Row) -> None:
    facts = parse_dmidecode(row.text)
    for fact in ("serial", "uuid", "board_serial", "chassis_serial"):
        assert getattr(facts.machine, fact) is None
        assert facts.unknown[f"machine.{fact}"].split(":")[0] in ("placeholder", "not-reported")


@every_row
def test_no_fact_is_a_filler_and_every_absent_one_has_a_reason(row: Row) -> None:
    facts = parse_dmidecode(row.text)
    for name in ("maker", "model", "version", "sku", "chassis", "board_maker", "board_model"):
        value = getattr(facts.machine, name)
        assert (value is None) == (f"machine.{name}" in facts.unknown)
        assert value is None or not is_placeholder(value)


def read(text: str) -> DmiFacts | None:
    try:
        return parse_dmidecode(text)
    except ToolError:
        return None


@pytest.mark.skipif(not ROWS, reason="no captures")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(row=st.sampled_from(ROWS), data=st.data())
def test_damage_is_read_or_refused(row: Row, data: st.DataObject) -> None:
    """What is left of a damaged table is in the table: nothing is made up."""
    text = row.text
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 3000)))
    filler = data.draw(st.text(max_size=30))
    damaged = text[:start] + filler + text[end:]
    facts = read(damaged)
    if facts is not None and facts.machine.maker:
        assert facts.machine.maker in " ".join(damaged.split())
    if facts is not None and facts.machine.firmware.date:
        assert re.fullmatch(r"(19|20)\d\d-[01]\d-[0-3]\d", facts.machine.firmware.date)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=1000))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert read(text) is None or "Information" in text
