"""Text for the screen."""

from __future__ import annotations

from reprise.tui.drawing import paint


def test_a_number_stays_with_its_unit_where_a_row_ends() -> None:
    text = paint.line("sda2 ntfs « Données » ", ("499,9\u00a0Go", paint.BAD), " plein")
    rows = paint.indent(text, 28)
    assert rows.plain.split("\n") == ["  sda2 ntfs « Données »", "  499,9\u00a0Go plein"]
    styled = [rows.plain[span.start : span.end] for span in rows.spans]
    assert "499,9\u00a0Go" in styled


def test_a_title_that_is_too_long_goes_on_below_its_first_row() -> None:
    rows = paint.hanging(paint.line("sda  a model with a very long name"), 22, 2).plain.split("\n")
    assert rows == ["sda  a model with a", "  very long name"]
