"""What a restore of last night's backup brings back: nothing that lets somebody in by itself, and
the rest is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from reprise.server.audit.services import Action, Line, server_trail, trail
from reprise.server.database import close_database
from reprise.server.enrolments.services import find_offer, offer
from reprise.server.opening import open_database
from reprise.server.people.closing import end_organisation, find_organisation
from reprise.server.people.invitations import find_invitation, invite
from reprise.server.people.organisations import make_organisation
from reprise.server.people.scope import Actor, Right, Role, Scope
from reprise.server.people.tokens import make_token
from reprise.server.problems import ProblemError
from reprise.server.stations.keys import make_key
from reprise.server.stations.services import enroll, revoke
from server.backups import backed_up, one_report, restored
from server.kit import session_of
from server.taking import OURS


def _actions(lines: Sequence[Line]) -> list[Action]:
    return [line.action for line in lines]


def test_what_was_open_is_ended_and_what_is_valid_again_is_told(tmp_path: Path) -> None:
    database = one_report(tmp_path)
    session = session_of(database, "eve@example.org")
    open_database(str(database))
    _offer, code = offer(OURS, "Bench 9", 24)
    _invitation, secret = invite(OURS, "new@example.org", Role.TECHNICIAN)
    make_token(OURS, "Sync", [Right.SEE_REPORTS], 30)
    key = make_key()
    enroll(OURS, "Lost before", key.public_pem.decode(), key.kid)
    revoke(OURS, key.kid)
    closed = make_organisation(OURS, "Ended before")
    end_organisation(OURS, closed)
    signs = settings.SECRET_KEY
    close_database()
    assert backed_up(database, tmp_path / "box.tar").returncode == 0

    there = tmp_path / "there" / "reprise.db"
    done = restored(tmp_path / "box.tar", there)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ Ended: 1 log-in, 1 station’s code, 1 invitation." in done.stdout
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("! Valid now")]
    assert line.startswith("! Valid now: 1 organisation, 1 station, 1 token, 1 person.")
    (moment,) = re.findall(r"the backup of (.+?), by Reprise", done.stdout)
    assert f"erased or ended after {moment} is valid again" in line

    open_database(str(there))
    assert find_organisation(OURS, closed).ended_at is not None
    assert not Session.objects.filter(session_key=session).exists()
    with pytest.raises(ProblemError):
        find_offer(code)
    assert find_invitation(secret) is None
    assert signs != settings.SECRET_KEY
    lines = trail(OURS, 1, 50).lines
    ended = {Action.RESTORED, Action.ENROLMENT_WITHDRAWN, Action.INVITATION_ENDED}
    assert ended < set(_actions(lines))
    assert _actions(server_trail(Scope(1, frozenset(Right), Actor()), 1, 50).lines)[0] is (
        Action.RESTORED
    )
    (told,) = [line for line in lines if line.action is Action.RESTORED]
    assert str(told.after["backup_of"]).startswith("20")
    close_database()

    open_database(str(database))  # the server that was backed up goes on
    assert Session.objects.filter(session_key=session).exists()
    assert find_offer(code).name == "Bench 9"
    close_database()
