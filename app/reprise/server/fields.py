"""How a field of a form is drawn, beside its label (templates/fields.html)."""

from __future__ import annotations

from typing import Any

from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString


def drawn(
    bound: BoundField, help_text: str = "", autocomplete: str = "", focus: bool = False
) -> SafeString:
    """Its input, that names its help and what is wrong with it to a screen reader. `focus`: where
    the page begins; a form that was refused begins at its first wrong field."""
    bound.help_text = ""  # said by the template; Django would name its own beside it
    told = {"help": help_text, "wrong": bound.errors}
    named = " ".join(f"{bound.id_for_label}_{part}" for part, text in told.items() if text)
    attrs: dict[str, Any] = {"placeholder": False, "aria-describedby": named or False}
    if autocomplete:
        attrs["autocomplete"] = autocomplete
    if _begins(bound, focus):
        attrs["autofocus"] = True
    return SafeString(bound.as_widget(attrs=attrs))


def _begins(bound: BoundField, focus: bool) -> bool:
    wrong = [name for name in bound.form.fields if name in bound.form.errors]
    return bound.name == wrong[0] if wrong else focus
