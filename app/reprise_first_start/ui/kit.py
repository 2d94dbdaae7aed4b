"""Widgets as every page uses them: bound to their labels, so that Orca names them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from gi.repository import Atk, Gdk, GLib, Gtk, Pango

from reprise_first_start.errors import FirstStartError

_LOG = logging.getLogger(__name__)
WIDTH = 760  # pixels of a page's column: fits 1024 x 600


def column() -> Any:
    return Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=8)


def text(words: str, *styles: str) -> Any:
    label = Gtk.Label(label=words, xalign=0, wrap=True)
    label.set_line_wrap_mode(Pango.WrapMode.WORD_CHAR)
    label.set_max_width_chars(40)  # at least; it takes the width that there is
    for style in styles:
        label.get_style_context().add_class(style)
    return label


def caption(words: str, of: Any) -> Any:
    """A label with a mnemonic ("_Name") that names `of` to the eye and to Orca."""
    label = Gtk.Label(label=words, xalign=0, use_underline=True, wrap=True)
    label.set_mnemonic_widget(of)
    label.get_style_context().add_class("field-name")
    return label


def entry(value: str, changed: Callable[[str], None], *, secret: bool = False) -> Any:
    """Enter goes on to the next page."""
    made = Gtk.Entry(text=value, activates_default=True)
    if secret:
        made.set_visibility(False)
        made.set_input_purpose(Gtk.InputPurpose.PASSWORD)
    made.connect("changed", lambda widget: changed(widget.get_text()))
    return made


def explain(field: Any, words: str) -> Any:
    """A line under `field`, which Orca reads after the field's name."""
    field.get_accessible().set_description(words)
    return text(words, "hint")


def check(words: str, value: bool, changed: Callable[[bool], None]) -> Any:
    made = Gtk.CheckButton(label=words, use_underline=True, active=value)
    inside = made.get_child()
    inside.set_line_wrap(True)
    made.connect("toggled", lambda widget: changed(widget.get_active()))
    return made


def button(words: str, pressed: Callable[[], None]) -> Any:
    made = Gtk.Button(label=words, use_underline=True)
    made.connect("clicked", lambda _widget: pressed())
    return made


def scrolled(inside: Any, height: int) -> Any:
    made = Gtk.ScrolledWindow(hscrollbar_policy=Gtk.PolicyType.NEVER, vexpand=True)
    made.set_min_content_height(height)
    made.set_overlay_scrolling(False)
    made.set_shadow_type(Gtk.ShadowType.IN)
    made.add(inside)
    return made


class Choice:
    """A list of rows, one of which is chosen: arrows or one click; Enter or two go on."""

    def __init__(self, chosen: Callable[[str], None], go_on: Callable[[], None]) -> None:
        self.widget: Any = Gtk.ListBox(activate_on_single_click=False)
        self.widget.set_selection_mode(Gtk.SelectionMode.BROWSE)
        self._keys: dict[Any, str] = {}
        self._chosen, self._quiet = chosen, False
        self.widget.connect("row-selected", self._selected)
        self.widget.connect("row-activated", lambda _list, _row: go_on())
        self.widget.connect("key-press-event", self._key)
        self.widget.connect("focus", self._tabbed)
        self._go_on = go_on

    def add(self, key: str, words: str) -> Any:
        row = Gtk.ListBoxRow()
        row.add(text(words, "row"))
        row.get_accessible().set_name(words)
        self._keys[row] = key
        self.widget.add(row)
        return row

    def clear(self) -> None:
        self._quiet = True
        for row in self._keys:
            self.widget.remove(row)
        self._keys = {}
        self._quiet = False

    def key_of(self, row: Any) -> str:
        return self._keys[row]

    def choose(self, key: str) -> None:
        """Without telling: it is chosen already."""
        self._quiet = True
        row = next((row for row, known in self._keys.items() if known == key), None)
        if row is not None:
            self.widget.select_row(row)
        self._quiet = False

    def focus(self) -> None:
        """On the row that is chosen, which scrolls into sight."""
        row = self.widget.get_selected_row()
        (row or self.widget).grab_focus()

    def _key(self, _list: Any, event: Any) -> bool:
        """Enter goes on from here, before the window gives it to its default button."""
        if event.keyval in (Gdk.KEY_Return, Gdk.KEY_KP_Enter):
            self._go_on()
            return True
        return False

    def _tabbed(self, widget: Any, direction: Any) -> bool:
        """Tab passes over the list, as over any field; GTK would go through all of its rows."""
        if direction not in (Gtk.DirectionType.TAB_FORWARD, Gtk.DirectionType.TAB_BACKWARD):
            return False
        if widget.get_focus_child() is None:
            self.focus()
            return True
        widget.stop_emission_by_name("focus")
        return False

    def _selected(self, _list: Any, row: Any) -> None:
        if row is not None and not self._quiet:
            self._chosen(self._keys[row])


class Complaint:
    """What is wrong and what to do, in a red frame; Orca says it as an alert."""

    def __init__(self) -> None:
        self._what, self._to_do = text("", "what"), text("")
        inside = column()
        inside.set_spacing(2)
        inside.get_style_context().add_class("complaint")
        inside.pack_start(self._what, False, False, 0)
        inside.pack_start(self._to_do, False, False, 0)
        self.widget: Any = Gtk.Revealer(transition_type=Gtk.RevealerTransitionType.NONE)
        self.widget.set_no_show_all(True)
        inside.show_all()
        self.widget.add(inside)
        self._what.get_accessible().set_role(Atk.Role.ALERT)

    def show(self, error: FirstStartError) -> None:
        _LOG.info("told: %s", error.what)
        self._what.set_text(error.what)
        self._to_do.set_text(error.what_to_do)
        self.widget.show()
        self.widget.set_reveal_child(True)
        spoken = self._what.get_accessible()
        spoken.set_name(f"{error.what} {error.what_to_do}")
        spoken.notify_state_change(Atk.StateType.SHOWING, True)

    def clear(self) -> None:
        self.widget.set_reveal_child(False)
        self.widget.hide()


def in_background(work: Callable[[], Any], done: Callable[[Any, Exception | None], None]) -> None:
    """`work` beside the screen, `done` on it, with what it returned or raised."""

    def tell(found: Any, error: Exception | None) -> bool:
        done(found, error)
        return False  # once

    def run() -> None:
        try:
            result, error = work(), None
        except Exception as raised:  # noqa: BLE001 - handed to `done`, which shows it
            result, error = None, raised
        GLib.idle_add(tell, result, error)

    threading.Thread(target=run, daemon=True).start()
