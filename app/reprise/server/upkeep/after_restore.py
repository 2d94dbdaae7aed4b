"""What a backup brings back that was ended since: what is open is closed, and the rest is told."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from reprise.i18n import _
from reprise.server.audit.services import Action, record
from reprise.server.database import asking, writing
from reprise.server.enrolments.services import end_every_offer
from reprise.server.people.accounts import count_people
from reprise.server.people.instance import renew_secret
from reprise.server.people.invitations import end_every_invitation
from reprise.server.people.organisations import list_all
from reprise.server.people.scope import Actor
from reprise.server.people.sessions import end_every_session
from reprise.server.people.tokens import count_tokens
from reprise.server.stations.services import count_open_stations
from reprise.server.upkeep.finding import Finding, doubt, good
from reprise.server.upkeep.restored_mark import marked, unmark
from reprise.wording import moment, number

log = logging.getLogger("reprise.server")


@dataclass(frozen=True, slots=True)
class Ended:
    """How many, and the moment of the backup (ISO 8601)."""

    made_at: str
    sessions: int
    codes: int
    invitations: int


def end_what_was_open() -> Ended | None:
    """Of the open database, where it was restored and this is not done yet: nobody is logged in,
    and no code, invitation or mailed link is worth anything. Each organisation's trail says it.
    Raises StorageError."""
    with writing():
        made_at = marked()
        if made_at is None:
            return None
        renew_secret()
        sessions, codes = end_every_session(), end_every_offer()
        invitations = end_every_invitation()
        for organisation in (None, *(one for one, _name in list_all())):
            after = {"backup_of": made_at}
            record(organisation, Actor(), Action.RESTORED, "server", after=after)
        unmark()
    log.info("restored from a backup of %s", made_at)
    return Ended(made_at, sessions, codes, invitations)


def tell_ended(done: Ended) -> tuple[Finding, Finding]:
    """And what is valid in the open database. Raises StorageError."""
    with asking():
        organisations = len(list_all(ended=False))
        stations, tokens, people = count_open_stations(), count_tokens(), count_people()
    ended = _("Ended: log-ins {sessions}, stations' codes {codes}, invitations {invitations}")
    valid = _(
        "Valid now: organisations {organisations}, stations {stations}, tokens {tokens}, "
        "people {people}"
    )
    return (
        good(
            ended.format(
                sessions=number(done.sessions),
                codes=number(done.codes),
                invitations=number(done.invitations),
            )
        ),
        doubt(
            valid.format(
                organisations=number(organisations),
                stations=number(stations),
                tokens=number(tokens),
                people=number(people),
            ),
            _(
                "What was revoked, removed, erased or ended after {moment} is valid again: look "
                "through the pages Server (organisations), Stations, Settings (tokens) and People "
                "before you start the server for others, and end it once more."
            ).format(moment=moment(done.made_at)),
        ),
    )
