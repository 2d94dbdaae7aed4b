"""How everything looks: our colours, large letters, strong contrast. One size for all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gi.repository import Gdk, Gtk

_HERE = Path(__file__).parent
_PLAIN, _LARGE = 14, 20  # points; a third more in pixels, at 96 dpi


class Appearance:
    def __init__(self) -> None:
        self._screen = Gdk.Screen.get_default()
        settings = Gtk.Settings.get_default()
        settings.set_property("gtk-theme-name", "Adwaita")
        settings.set_property("gtk-xft-dpi", 96 * 1024)
        self._contrast = self._provider((_HERE / "contrast.css").read_text("utf-8"))
        self._size: Any = None
        self._add(self._provider((_HERE / "style.css").read_text("utf-8")), 0)

    def show(self, *, large: bool, contrast: bool, small_screen: bool) -> None:
        points = _LARGE if large else _PLAIN
        if small_screen:
            points -= 2
        if self._size is not None:
            self._remove(self._size)
        self._size = self._provider(f"window {{ font-size: {points}pt; }}")
        self._add(self._size, 1)
        if contrast:
            self._add(self._contrast, 2)
        else:
            self._remove(self._contrast)

    @staticmethod
    def _provider(text: str) -> Any:
        made = Gtk.CssProvider()
        made.load_from_data(text.encode())
        return made

    def _add(self, provider: Any, above: int) -> None:
        rank = Gtk.STYLE_PROVIDER_PRIORITY_USER + above
        Gtk.StyleContext.add_provider_for_screen(self._screen, provider, rank)

    def _remove(self, provider: Any) -> None:
        Gtk.StyleContext.remove_provider_for_screen(self._screen, provider)
