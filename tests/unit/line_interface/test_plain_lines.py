"""What plain lines make of a text that is set for the eye."""

from __future__ import annotations

from reprise.line_interface.terminal import plain


def test_facts_are_parted_by_a_comma_alone() -> None:
    assert plain("testés sur 7,6 · aucune erreur") == "testés sur 7,6, aucune erreur"
    assert plain("3,8\u00a0Gio\u00a0· aucune erreur") == "3,8 Gio, aucune erreur"
    assert plain("sec·ours") == "sec,ours"
