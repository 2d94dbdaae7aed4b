"""The list of which one is chosen, by itself: rows that come, change and go."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from reprise.tui.widgets.options import Options


class Listed(App[None]):
    """A list, and under it what is said of the chosen row, as high as `below`."""

    CSS = "Vertical { height: 100%; } OptionList { height: 1fr; } Static { height: auto; }"

    def __init__(self, below: int = 1) -> None:
        super().__init__()
        self.below = "\n".join(["said"] * below)

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Options(id="options")
            yield Static(self.below)

    @property
    def options(self) -> Options:
        return self.query_one(Options)

    @property
    def rows(self) -> list[str]:
        return [str(one.prompt).rstrip() for one in self.options.options]


def named(count: int) -> list[str]:
    return [f"row {number}" for number in range(count)]


def shown(chosen: int, count: int) -> list[str]:
    return [f"{' → ' if at == chosen else '   '}row {at}" for at in range(count)]


async def test_one_row_alone_has_the_arrow_wherever_it_goes() -> None:
    app = Listed()
    async with app.run_test() as pilot:
        for at in (0, 3, 1):
            app.options.write(named(4), at)
            await pilot.pause()
            assert app.rows == shown(at, 4)
        app.options.highlighted = 2  # as a click, or a key of the list's own
        await pilot.pause()
        assert app.rows == shown(2, 4)


async def test_rows_that_are_no_more_go() -> None:
    app = Listed()
    async with app.run_test() as pilot:
        for count in (9, 3, 5, 1):
            app.options.write(named(count), 0)
            await pilot.pause()
            assert app.rows == shown(0, count)


async def test_a_list_of_nothing_takes_no_room_and_has_nothing_chosen() -> None:
    app = Listed()
    async with app.run_test() as pilot:
        app.options.write(named(3), 1)
        await pilot.pause()
        assert app.options.display
        app.options.write([], 0)
        await pilot.pause()
        assert not app.options.display
        assert app.options.highlighted is None
        app.options.write(named(2), 1)
        await pilot.pause()
        assert app.options.display
        assert app.rows == shown(1, 2)


async def test_it_grows_with_its_rows_and_is_no_higher() -> None:
    app = Listed()
    async with app.run_test(size=(80, 24)) as pilot:
        for count in (2, 7, 4):
            app.options.write(named(count), 0)
            await pilot.pause()
            assert app.options.size.height == count


@pytest.mark.parametrize(("count", "height"), [(20, 3), (3, 3), (2, 2)])
async def test_whatever_is_said_below_three_rows_stay(count: int, height: int) -> None:
    app = Listed(below=40)
    async with app.run_test(size=(80, 24)) as pilot:
        app.options.write(named(count), 0)
        await pilot.pause()
        assert app.options.size.height == height


async def test_what_is_written_again_as_it_was_is_not_drawn_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A thousand reports are written again at every look."""
    drawn, real = list[int](), Options.replace_option_prompt_at_index

    def replace(options: Options, index: int, prompt: object) -> Options:
        drawn.append(index)
        return real(options, index, prompt)  # type: ignore[arg-type]

    app = Listed()
    async with app.run_test() as pilot:
        rows: Sequence[str] = named(50)
        app.options.write(rows, 7)
        await pilot.pause()
        monkeypatch.setattr(Options, "replace_option_prompt_at_index", replace)
        app.options.write(rows, 7)
        await pilot.pause()
        assert drawn == []
        app.options.write([*rows[:20], "another", *rows[21:]], 7)
        await pilot.pause()
        assert drawn == [20]
