"""Avoided emissions: a range from one source, or a reason why there is none."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise import i18n, wording
from reprise.domain.pc.hardware import Machine
from reprise.domain.pc.impact import (
    METHOD,
    Avoided,
    Impact,
    ImpactFactors,
    ImpactGap,
    PcKind,
    Scale,
    impact,
    kind_of,
)
from reprise.errors import InputError
from reprise.strict_toml import dataclass_from_toml
from station_kit.places import TOP
from unit.domain.drives.drives import pc

SHIPPED = TOP / "config" / "impact.toml"


def of(chassis: str | None, factors: ImpactFactors | None = None) -> Impact:
    return impact(pc(machine=Machine(chassis=chassis)), factors or ImpactFactors())


def test_a_laptop() -> None:
    found = of("Notebook")
    assert found.kind is PcKind.LAPTOP
    # 0.5 x 170 x 2/5, 0.8 x 170 x 3/5, 1.0 x 170 x 5/5
    assert found.avoided == Avoided(34, 82, 170, 2, 5)
    assert (found.method, found.version) == (METHOD, "2026-1")
    assert found.source == "ADEME, Impact CO2, 2026"


def test_a_desktop() -> None:
    found = of("Mini Tower")
    assert found.kind is PcKind.DESKTOP
    assert found.avoided == Avoided(41, 97, 259, 2, 5)


@pytest.mark.parametrize(
    ("chassis", "gap"),
    [
        (None, ImpactGap.CHASSIS_UNKNOWN),
        ("", ImpactGap.CHASSIS_UNKNOWN),
        ("Other", ImpactGap.CHASSIS_UNKNOWN),
        ("Unknown", ImpactGap.CHASSIS_UNKNOWN),  # what a board says that was told nothing
        ("All In One", ImpactGap.CHASSIS_WITHOUT_FACTOR),
        ("Rack Mount Chassis", ImpactGap.CHASSIS_WITHOUT_FACTOR),
        ("Tablet", ImpactGap.CHASSIS_WITHOUT_FACTOR),
    ],
)
def test_no_figure_without_a_kind(chassis: str | None, gap: ImpactGap) -> None:
    found = of(chassis)
    assert (found.kind, found.avoided, found.gap) == (None, None, gap)
    with i18n.using("en"):
        assert wording.impact(found).startswith("no figure")


_PARTS = st.tuples(*[st.floats(0.1, 1.0)] * 3).map(sorted)
_YEARS = st.tuples(*[st.floats(0.5, 20)] * 3).map(sorted)
_KG = st.tuples(*[st.floats(1, 900)] * 3).map(sorted)


@given(_PARTS, _YEARS, _KG, st.floats(1, 12), st.sampled_from(["Laptop", "Desktop"]))
def test_low_is_never_above_high(
    parts: list[float], years: list[float], making: list[float], new: float, chassis: str
) -> None:
    factors = ImpactFactors(
        new_pc_years=new,
        laptop_kgco2e=Scale(*making),
        desktop_kgco2e=Scale(*making),
        second_life_years=Scale(*years),
        substitution=Scale(*parts),
    )
    found = of(chassis, factors).avoided
    assert found is not None
    assert 0 <= found.low_kgco2e <= found.central_kgco2e <= found.high_kgco2e
    assert found.high_kgco2e <= making[2] * years[2] / new + 1


def test_the_range_and_its_source_are_always_said() -> None:
    for language in i18n.LANGUAGES:
        with i18n.using(language):
            text = wording.impact(of("Laptop"))
        for part in ("34", "82", "170", "ADEME", "2026"):
            assert part in text


def test_the_shipped_file_says_what_holds_without_it() -> None:
    text = SHIPPED.read_text("utf-8")
    assert dataclass_from_toml(text, ImpactFactors, "impact.toml") == ImpactFactors()
    for field in fields(ImpactFactors):
        assert f"\n{field.name} = " in text or f"\n[{field.name}]" in text


@pytest.mark.parametrize(
    "text",
    [
        "new_pc_years = 0",
        "source = ''",
        "[laptop_kgco2e]\nlow = 9\ncentral = 8\nhigh = 10",
        "[laptop_kgco2e]\nlow = 0\ncentral = 8\nhigh = 10",
        "[substitution]\nlow = 0.5\ncentral = 0.8\nhigh = 1.2",
        "[second_life_years]\nlow = 1",
        "laptop = 170",
    ],
)
def test_what_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"impact\.toml"):
        dataclass_from_toml(text + "\n", ImpactFactors, "impact.toml")


@pytest.mark.parametrize(
    ("chassis", "kind"),
    [
        *((one, PcKind.LAPTOP) for one in ("Notebook", "Laptop", "Portable", "Sub Notebook")),
        *((one, PcKind.LAPTOP) for one in ("Convertible", "Detachable")),
        *((one, PcKind.DESKTOP) for one in ("Desktop", "Low Profile Desktop", "Pizza Box")),
        *((one, PcKind.DESKTOP) for one in ("Mini Tower", "Tower", "Space-saving", "Lunch Box")),
        ("Mini PC", PcKind.DESKTOP),
        *((one, None) for one in ("All In One", "Tablet", "Rack Mount Chassis", "", None)),
    ],
)
def test_each_kind_of_case_by_hand(chassis: str | None, kind: PcKind | None) -> None:
    assert kind_of(chassis) is kind
