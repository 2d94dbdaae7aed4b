"""One row that shows how a rate went, in glyphs that the console has."""

from __future__ import annotations

import pytest

from reprise.tui.drawing.glyphs import ALLOWED
from reprise.tui.drawing.sparkline import Rates, levels


@pytest.mark.parametrize(
    ("samples", "row"),
    [
        ([], ""),
        ([0.0, 0.0], "  "),
        ([1.0, 34.0, 67.0, 100.0], "▁▃▆█"),
        ([100.0, 0.0, 1.0, 33.0], "█ ▁▃"),
    ],
)
def test_levels(samples: list[float], row: str) -> None:
    assert levels(samples) == row
    assert set(row) <= ALLOWED


def filled(rates: list[float]) -> Rates:
    made = Rates()
    for rate in rates:
        made.add(rate)
    return made


def test_one_sample_shows_nothing() -> None:
    assert filled([5.0]).row(40) == ""


def test_it_fits_and_keeps_the_whole_story_however_long() -> None:
    """A day at two ticks a second: a slow first half and a standstill at the end are still seen."""
    day = [20.0] * 86_400 + [100.0] * 80_000 + [0.0] * 6_400
    row = filled(day).row(60)
    assert 30 <= len(row) <= 60
    assert row.startswith("▂" * 10)
    assert row.strip(" ▂").rstrip("▅").strip("█") == ""
    assert row.endswith(" ")
    assert row.count("█") > 10


def test_a_rate_below_nothing_is_nothing() -> None:
    assert filled([-3.0, 9.0]).row(10) == " █"
