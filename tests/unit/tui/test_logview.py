"""A log on the screen stands still where a person reads, and follows otherwise."""

from __future__ import annotations

from reprise.tui.drawing.logview import LogView


def filled(count: int) -> LogView:
    view = LogView()
    view.add((f"line {at}" for at in range(count)), 40)
    return view


def test_it_shows_the_end_and_follows_it() -> None:
    view = filled(10)
    assert view.window(3) == ["line 7", "line 8", "line 9"]
    view.add(["new"], 40)
    assert view.window(2) == ["line 9", "new"]
    assert filled(2).window(5) == ["line 0", "line 1"]
    assert LogView().window(5) == []


def test_what_is_read_stands_still() -> None:
    view = filled(10)
    view.scroll(-4, 3)
    assert view.window(3) == ["line 3", "line 4", "line 5"]
    view.add(["new", "newer"], 40)
    assert view.window(3) == ["line 3", "line 4", "line 5"]
    assert not view.follows
    view.scroll(99, 3)
    assert view.follows
    assert view.window(1) == ["newer"]


def test_it_scrolls_no_further_than_its_ends() -> None:
    view = filled(10)
    view.scroll(-1000, 3)
    assert view.window(3) == ["line 0", "line 1", "line 2"]
    view.scroll(1, 3)
    assert view.window(3) == ["line 1", "line 2", "line 3"]
    assert view.window(50) == [f"line {at}" for at in range(10)]  # the window grew


def test_the_oldest_rows_are_forgotten_and_the_window_stays_whole() -> None:
    view = filled(7000)
    view.scroll(-100_000, 3)
    view.add((f"new {at}" for at in range(500)), 40)
    assert len(view.window(3)) == 3


def test_long_and_strange_lines_are_cut_into_rows() -> None:
    view = LogView()
    view.add(["x" * 45, "", "a\tb\x1b[31m\u202f€"], 20)
    assert view.window(9) == ["x" * 20, "    " + "x" * 16, "    " + "x" * 9, "", "a   b?[31m €"]
