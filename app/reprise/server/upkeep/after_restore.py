"""What a backup brings back that was ended since: what is open is closed, and the rest is told."""

from __future__ import annotations

import logging

from reprise.i18n import _
from reprise.server.audit.services import Action, record
from reprise.server.database import writing
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
from reprise.wording import moment, number

log = logging.getLogger("reprise.server")


def end_what_was_open(made_at: str) -> tuple[Finding, Finding]:
    """Of the open database, which was restored from a backup of that moment (ISO 8601): nobody is
    logged in, and no code, invitation or mailed link is worth anything. Each organisation's trail
    says it. Raises StorageError."""
    with writing():
        renew_secret()
        sessions, codes = end_every_session(), end_every_offer()
        invitations = end_every_invitation()
        for organisation in (None, *(one for one, _name in list_all())):
            after = {"backup_of": made_at}
            record(organisation, Actor(), Action.RESTORED, "server", after=after)
        stations, tokens, people = count_open_stations(), count_tokens(), count_people()
    log.info("restored from a backup of %s", made_at)
    ended = _("Ended: log-ins {sessions}, stations' codes {codes}, invitations {invitations}")
    valid = _("Valid now: stations {stations}, tokens {tokens}, people {people}")
    return (
        good(
            ended.format(
                sessions=number(sessions), codes=number(codes), invitations=number(invitations)
            )
        ),
        doubt(
            valid.format(stations=number(stations), tokens=number(tokens), people=number(people)),
            _(
                "What was revoked, removed or erased after {moment} is valid again: look through "
                "the pages Stations, Settings (tokens) and People before you start the server "
                "for others, and end it once more."
            ).format(moment=moment(made_at)),
        ),
    )
