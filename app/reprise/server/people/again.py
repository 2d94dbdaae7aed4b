"""Before something of weight: whoever asks shows once more that it is still the same person."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest

from reprise.errors import InputError
from reprise.i18n import _


def can_show_again(request: HttpRequest) -> bool:
    """By a password or a second factor: who comes by a provider may have neither."""
    return bool(get_adapter().get_reauthentication_methods(request.user))


def once_more(request: HttpRequest) -> None:
    """Returns where it was shown within the last quarter of an hour. Else allauth's exception ends
    the request: it leads to where it is shown, counts the attempts, and comes back with what was
    sent."""
    reauthentication_required(_shown)(request)


def sure(request: HttpRequest) -> None:
    """As above. Raises InputError where nothing can show it."""
    if not can_show_again(request):
        raise InputError(
            _("Nothing shows that it is still you."), _("Set up a second factor of your own first.")
        )
    once_more(request)


def _shown(_request: HttpRequest) -> None:
    pass
