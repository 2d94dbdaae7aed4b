"""The age of a PC follows from its processor, and from its BIOS only where that does not tell."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from reprise.domain.pc.generations import AMD, INTEL, Generation, generation_of
from reprise.domain.pc.hardware import Firmware, Inventory, Machine, Memory, Processor
from reprise.domain.pc.triage import (
    Advice,
    AgeSign,
    Today,
    TriageCode,
    TriageRules,
    age_of,
    triage,
)
from unit.domain.drives.drives import hdd, pc

RULES, GIB = TriageRules(), 1024**3
NOW = Today(date(2026, 11, 24), True, date(2026, 1, 1))
BIOSES = (None, "2012-05-01", "2015-01-01", "2019-04-10", "2024-02-02")


def cpu(
    vendor: str, family: int, number: int, stepping: int = 3, level: str | None = "x86-64-v2"
) -> Processor:
    return Processor(
        cores=4,
        vendor=vendor,
        family=family,
        model_number=number,
        stepping=stepping,
        level=level,
    )


def with_processor(processor: Processor, bios: str | None = "2019-04-10") -> Inventory:
    memory = Memory(installed_bytes=8 * GIB)
    machine = Machine(firmware=Firmware(date=bios))
    return pc(hdd(), machine=machine, processor=processor, memory=memory)


@pytest.mark.parametrize(
    ("processor", "name", "advice"),
    [
        (cpu(INTEL, 6, 0x17), "Penryn", Advice.RECYCLE),  # Core 2 Duo E8400
        (cpu(INTEL, 6, 0x3A), "Ivy Bridge", Advice.RECYCLE),  # i5-3470
        (cpu(INTEL, 6, 0x3D), "Broadwell", Advice.KEEP),  # i5-5200U
        (cpu(INTEL, 6, 0x8E, 9), "Kaby Lake", Advice.KEEP),  # i5-7200U
        (cpu(INTEL, 6, 0x8E, 10), "Coffee Lake", Advice.KEEP),  # i5-8250U
        (cpu(AMD, 16, 0x06), "K10", Advice.RECYCLE),  # Athlon II X2 250
        (cpu(AMD, 21, 0x02), "Piledriver", Advice.KEEP),  # FX-8350: sold to 2016
        (cpu(AMD, 23, 0x60), "Zen 2", Advice.KEEP),  # Ryzen 5 4500U
    ],
)
def test_a_models_advice_is_the_same_whatever_its_bios(
    processor: Processor, name: str, advice: Advice
) -> None:
    found = [triage(with_processor(processor, bios), RULES, NOW) for bios in BIOSES]
    assert {one.advice for one in found} == {advice}
    assert {one.age and one.age.generation for one in found} == {name}
    assert len({one.age for one in found}) == 1


def test_whatever_is_older_than_2014_is_kept_with_a_word_at_least() -> None:
    """And nothing that was sold in the last ten years is sent to recycling for its age."""
    seen = 0
    for vendor, family, number, stepping in product(
        (INTEL, AMD), range(5, 27), range(256), (3, 12)
    ):
        processor = cpu(vendor, family, number, stepping)
        made = generation_of(processor)
        if made is None:
            continue
        seen += 1
        assert made.last is None or made.first <= made.last
        codes = {reason.code for reason in triage(with_processor(processor), RULES, NOW).reasons}
        if made.first <= 2013:
            assert codes & {TriageCode.TOO_OLD, TriageCode.PERHAPS_TOO_OLD}
        if (made.last or 2026) >= 2016:
            assert TriageCode.TOO_OLD not in codes
    assert seen > 1000


def test_the_stepping_tells_two_apart() -> None:
    assert generation_of(cpu(INTEL, 6, 0x9E, 9)) == Generation("Kaby Lake", 2016, 2019)


@pytest.mark.parametrize(
    "processor",
    [
        Processor(cores=4),
        cpu("CentaurHauls", 6, 0x0F),
        cpu(INTEL, 18, 0x01),  # of a family after this table
        Processor(cores=4, vendor=AMD, family=15, model_number=107, hypervisor=True),
    ],
)
def test_what_the_processor_does_not_tell_the_bios_does(processor: Processor) -> None:
    age = age_of(with_processor(processor, "2016-11-24"), RULES, NOW)
    assert age is not None and age.sign is AgeSign.BIOS
    assert (age.low_years, age.central_years, age.high_years) == (8.0, 10.0, 15.0)
    assert age_of(with_processor(processor, None), RULES, NOW) is None


def test_one_with_the_first_level_only_is_old_whatever_it_is_called() -> None:
    old = cpu("CentaurHauls", 6, 0x0F, level="x86-64-v1")
    assert triage(with_processor(old), RULES, NOW).advice is Advice.RECYCLE


def test_the_range_is_the_years_in_which_it_was_sold() -> None:
    age = age_of(with_processor(cpu(INTEL, 6, 0x5E)), RULES, NOW)
    assert age is not None and age.sign is AgeSign.PROCESSOR
    assert (age.generation, age.first_year, age.last_year) == ("Skylake", 2015, 2018)
    assert (age.low_years, age.high_years) == (7.9, 11.9)
    assert age.low_years < age.central_years < age.high_years
    new = age_of(with_processor(cpu(AMD, 26, 0x24)), RULES, NOW)
    assert new is not None and new.low_years == 0.0 and new.last_year is None


def test_a_clock_that_lies_condemns_no_processor() -> None:
    lying = Today(date(2060, 1, 1), False, date(2026, 1, 1))
    assert triage(with_processor(cpu(INTEL, 6, 0x5E)), RULES, lying).advice is Advice.KEEP
    before = Today(date(2001, 1, 1), False, date(2026, 1, 1))
    early = age_of(with_processor(cpu(INTEL, 6, 0x5E)), RULES, before)
    assert early is not None and early.low_years == early.high_years == 0.0
