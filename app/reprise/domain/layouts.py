"""Keyboard layouts of the station's console."""

from __future__ import annotations

from enum import StrEnum


class Layout(StrEnum):
    """The name of a layout is that of its compiled map in the image (console hook) and what
    vconsole.keymap= and [station] keyboard may say. In the order in which they are offered."""

    FR = "fr"
    FR_OSS = "fr-oss"
    FR_BEPO = "fr-bepo"
    BE = "be"
    CH = "ch"
    CA = "ca"
    US = "us"
    GB = "gb"
    DE = "de"
    ES = "es"
    IT = "it"
    PT = "pt"


def layout_of(name: str) -> Layout | None:
    """None where no such layout is known. "uk" and "bepo" are taken, too, as people call them."""
    also = {"uk": Layout.GB, "oss": Layout.FR_OSS, "bepo": Layout.FR_BEPO}
    return also.get(name) or next((one for one in Layout if one.value == name), None)
