"""How often a code may be wrong: of one client, and of all together. A right one costs nothing, but
whoever has guessed too often hears nothing of it for a while."""

from __future__ import annotations

import hashlib
import time

from django.conf import settings
from django.db.models import F

from reprise.server.clients import one_client
from reprise.server.database import asking, delete_in_steps, writing
from reprise.server.enrolments import models
from reprise.server.problems import ProblemError, ProblemKind

WINDOW_S = 600
OF_ONE, OF_ALL = 20, 1000  # within one window


def refuse_who_guesses(client: str) -> None:
    """Reads only: who knocks without end must not make the database write. Raises ProblemError."""
    limits = {_name(client): OF_ONE, "": OF_ALL}
    with asking():
        here = models.WrongCodes.objects.filter(window=_window(), client__in=limits)
        counts = dict(here.values_list("client", "count"))
    if any(counts.get(name, 0) >= limit for name, limit in limits.items()):
        raise ProblemError(ProblemKind.TOO_MANY_CODES)


def count_wrong(client: str) -> None:
    """Raises StorageError."""
    now = _window()
    with writing():
        models.WrongCodes.objects.filter(window__lt=now).delete()
        for name in sorted(("", _name(client))):  # in one order: nobody waits for each other
            row, _new = models.WrongCodes.objects.get_or_create(window=now, client=name)
            models.WrongCodes.objects.filter(pk=row.pk).update(count=F("count") + 1)


def forget_wrong_codes() -> None:
    """Of windows that are over. Raises StorageError."""
    delete_in_steps(models.WrongCodes.objects.filter(window__lt=_window()))


def _window() -> int:
    return int(time.time()) // WINDOW_S


def _name(client: str) -> str:
    """Of an address, what tells it from others for ten minutes and nobody later."""
    whole = one_client(client)
    return hashlib.sha256(f"{settings.SECRET_KEY} {_window()} {whole}".encode()).hexdigest()
