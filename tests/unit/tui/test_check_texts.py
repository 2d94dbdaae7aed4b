"""A row of a check says whole facts."""

from __future__ import annotations

import pytest

from reprise import i18n
from reprise.domain.checks.catalogue import CheckId, CheckReason, MeasureName, Unit
from reprise.domain.checks.results import CheckResult, CheckStatus, Measure
from reprise.tui.drawing import check_texts
from reprise.tui.drawing.glyphs import ALLOWED

GIB = 1024**3
MEMORY = CheckResult(
    check=CheckId.MEMORY,
    status=CheckStatus.PASSED,
    measures=(
        Measure(MeasureName.TESTED, 3.8 * GIB, Unit.BYTES),
        Measure(MeasureName.TOTAL, 7.6 * GIB, Unit.BYTES),
        Measure(MeasureName.ERRORS, 0, Unit.COUNT),
    ),
)
CABLE = CheckResult(
    check=CheckId.ETHERNET, status=CheckStatus.UNKNOWN, reason=CheckReason.NO_CABLE, detail="enp1s0"
)


def test_the_memory_fits_beside_its_verdict_at_80_columns() -> None:
    i18n.set_language("fr")
    told = check_texts.facts(MEMORY, 38).replace("\u00a0", " ")
    assert told == "3,8 Gio testés sur 7,6 · aucune erreur"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_fact_is_told_in_part_but_one_that_is_longer_than_the_row(language: str) -> None:
    i18n.set_language(language)
    whole = check_texts.facts(MEMORY, 100)
    first = whole.split(" · ")[0]
    assert check_texts.facts(MEMORY, len(whole) - 1) == f"{first}…"
    assert len(check_texts.facts(CABLE, 20)) == 20
    assert check_texts.facts(CABLE, 20).endswith("…")


def test_a_verdict_is_told_without_its_colour_too() -> None:
    passed, failed = (
        check_texts.status_part(one)[0] for one in (CheckStatus.PASSED, CheckStatus.FAILED)
    )
    assert (passed[0], failed[0]) == ("✓", "✗")
    assert set(passed + failed) <= ALLOWED
