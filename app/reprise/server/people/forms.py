"""Forms of people and organisations. Their labels stand in the templates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from reprise.errors import InputError
from reprise.server.people import models
from reprise.server.people.scope import FOR_TOKENS, Role
from reprise.server.people.words import right_word, role_word

_MOST_NAME = 100


def new_password() -> forms.CharField:
    shown = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(widget=shown, max_length=200, strip=False)


def _name() -> forms.CharField:
    return forms.CharField(max_length=_MOST_NAME)


class SetUpForm(forms.Form):
    organisation = _name()
    name = _name()
    email = forms.EmailField(max_length=254)
    password = new_password()

    def clean(self) -> dict[str, Any]:
        return _with_good_password(self, self.cleaned_data.get("email", ""))


class JoinForm(forms.Form):
    name = _name()
    password = new_password()

    def __init__(self, email: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email

    def clean(self) -> dict[str, Any]:
        return _with_good_password(self, self._email)


def _with_good_password(form: forms.Form, email: str) -> dict[str, Any]:
    cleaned = form.cleaned_data
    if "password" in cleaned:
        user = models.User(email=email, name=cleaned.get("name", ""))
        try:
            validate_password(cleaned["password"], user)
        except forms.ValidationError as error:
            form.add_error("password", error)
    return cleaned


def _roles() -> list[tuple[str, str]]:
    return [(role.value, role_word(role)) for role in Role]


class InviteForm(forms.Form):
    email = forms.EmailField(max_length=254)
    role = forms.ChoiceField(choices=_roles, initial=Role.TECHNICIAN.value)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=_roles)


class SettingsForm(forms.Form):
    name = _name()
    time_zone = forms.CharField(max_length=64, widget=forms.TextInput(attrs={"list": "time_zones"}))
    needs_second_factor = forms.BooleanField(required=False)


def _rights() -> list[tuple[str, str]]:
    return [(right.value, right_word(right)) for right in FOR_TOKENS]


class TokenForm(forms.Form):
    name = _name()
    rights = forms.MultipleChoiceField(choices=_rights)
    days = forms.IntegerField(min_value=1, max_value=730, initial=365)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = "token_%s"  # it stands beside the organisation's form
        super().__init__(*args, **kwargs)


class OrganisationForm(forms.Form):
    name = _name()
    email = forms.EmailField(max_length=254)


class KeepersForm(forms.Form):
    needs_second_factor = forms.BooleanField(required=False)


class EraseForm(forms.Form):
    """Nobody erases an account by one press of a button: its address is typed. `wrong`: what is
    said of another one."""

    email = forms.CharField(max_length=254)

    def __init__(self, address: str, wrong: str, data: Any = None) -> None:
        super().__init__(data)
        self._address, self._wrong = address, wrong

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data.get("email")
        if typed is not None and typed.strip().lower() != self._address:
            self.add_error("email", self._wrong)
        return self.cleaned_data


def refused(form: forms.Form, error: InputError) -> None:
    """What a service would not do, said in the form."""
    form.add_error(None, f"{error.what} {error.advice}".strip())
