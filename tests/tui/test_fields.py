"""What a field takes: all that fits of what is pasted, nothing that no one can see."""

from __future__ import annotations

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Input, Static

from reprise import i18n
from reprise.tui.drawing.glyphs import ALLOWED
from reprise.tui.widgets.field import Field


class Form(App[None]):
    CSS = "Field { height: 1; } Field > .label { width: 26; } Input { height: 1; border: none; }"

    def compose(self) -> ComposeResult:
        yield Field("who", limit=10)

    def on_mount(self) -> None:
        self.query_one(Field).label("Nom")
        self.query_one(Input).focus()


def label(app: Form) -> str:
    return str(app.query_one(".label", Static).content)


async def test_of_a_long_text_what_fits_is_taken_and_that_is_said() -> None:
    i18n.set_language("fr")
    app = Form()
    async with app.run_test() as pilot:
        await pilot.press(*"ab")
        app.query_one(Input).post_message(events.Paste("cdefghijklmnop"))
        await pilot.pause()
        assert app.query_one(Field).value == "abcdefghij"
        assert label(app) == "10 caractères au plus"
        await pilot.press("backspace", "x")
        assert app.query_one(Field).value == "abcdefghix"
        assert label(app) == "Nom"


async def test_what_is_selected_makes_room() -> None:
    app = Form()
    async with app.run_test() as pilot:
        await pilot.press(*"abcdefghij")
        app.query_one(Input).select_all()
        app.query_one(Input).post_message(events.Paste("0123456789X"))
        await pilot.pause()
        assert app.query_one(Field).value == "0123456789"


async def test_control_characters_are_dropped() -> None:
    app = Form()
    async with app.run_test() as pilot:
        app.query_one(Input).post_message(events.Paste("a\x1b[31m\tb\x07\u202e"))
        await pilot.pause()
        assert app.query_one(Field).value == "a[31m b"
        app.query_one(Field).value = "c\x1bd"
        assert app.query_one(Field).value == "cd"


async def test_what_the_font_lacks_is_kept_and_not_drawn() -> None:
    app = Form()
    async with app.run_test() as pilot:
        app.query_one(Input).post_message(events.Paste("Łódź ☂"))
        await pilot.pause()
        assert app.query_one(Field).value == "Łódź ☂"
        drawn = "".join(strip.text for strip in app.screen._compositor.render_strips()[0])
        assert "ód" in drawn
        assert set(drawn) <= ALLOWED
