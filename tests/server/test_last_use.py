"""When a token was used last is a note beside what it is used for."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction

from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.people import models, tokens
from reprise.server.people.instance import new_set_up_secret, set_up
from reprise.server.people.scope import Right
from server.kit import PASSWORD, open_new
from server.postgresql import Cluster
from server.small_disk import fill, small_disk
from server.taking import OURS

__all__ = ["small_disk"]  # a fixture
FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER full_disk BEFORE UPDATE ON people_token EXECUTE FUNCTION full_disk();
"""


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    close_database()


def _token() -> str:
    """Of the first organisation, that was not used yet."""
    secret = new_set_up_secret()
    assert secret is not None
    set_up(secret, "Ville de Vaulx", "Alix Martin", "alix@example.org", PASSWORD)
    _token, said = tokens.make_token(OURS, "GLPI", [Right.SEE_REPORTS], 1)
    return said


def _reads(said: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "reprise.server"):
        scope = tokens.scope_of_token(said)
    assert scope is not None
    assert scope.rights == {Right.SEE_REPORTS}
    assert "last use" in caplog.text
    assert said not in caplog.text


def test_a_full_disk_refuses_nobody_who_reads(
    small_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    open_new(small_disk / "reprise.db")
    said = _token()
    filler = fill(small_disk)
    _reads(said, caplog)
    filler.unlink()
    tokens.scope_of_token(said)
    assert models.Token.objects.get().used_at is not None


@pytest.mark.whole
def test_nor_does_that_of_a_postgresql_which_is_asked_on(
    cluster: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    open_database(cluster.own_database())
    said = _token()
    with connection.cursor() as cursor:
        cursor.execute(FULL)
    _reads(said, caplog)
    with transaction.atomic():  # of who asks for more than the token
        _reads(said, caplog)
        assert models.Token.objects.get().used_at is None
