"""Forms of stations. Their labels stand in the templates."""

from __future__ import annotations

from django import forms


class EndForm(forms.Form):
    """`until`: the last day on which reports are taken; empty: without an end."""

    until = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
