"""What a log-in costs, and that a password which was kept at another cost still opens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password

from reprise.server.people import models
from server.kit import PASSWORD

_ASKED = "argon2$argon2id$v=19$m=19456,t=2,p=1$"


@pytest.fixture(scope="module", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Here it is the cost that is looked at."""
    yield


@pytest.mark.usefixtures("people_database")
def test_a_password_costs_what_is_asked_and_no_more() -> None:
    kept = make_password(PASSWORD)
    assert kept.startswith(_ASKED)
    assert check_password(PASSWORD, kept)
    assert not check_password(PASSWORD + "!", kept)


def test_what_was_kept_at_another_cost_opens_and_is_made_anew(alix: models.User) -> None:
    assert alix.password.startswith(_ASKED)
    before = Argon2PasswordHasher().encode(PASSWORD, "a salt of before, of 22")  # Django's own
    assert before.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")
    models.User.objects.update(password=before)
    alix = models.User.objects.get()
    assert not alix.check_password("another horse battery staple")
    assert models.User.objects.get().password == before
    assert alix.check_password(PASSWORD)
    anew = models.User.objects.get()
    assert anew.password.startswith(_ASKED)
    assert anew.check_password(PASSWORD)
    assert models.User.objects.get().password == anew.password
