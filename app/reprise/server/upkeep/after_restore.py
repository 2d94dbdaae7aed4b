"""What a backup brings back that was ended since: what is open is closed, and the rest is told."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from reprise.i18n import _, ngettext
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
    ended = (
        (ngettext("{count} log-in", "{count} log-ins", done.sessions), done.sessions),
        (ngettext("{count} station's code", "{count} stations' codes", done.codes), done.codes),
        (ngettext("{count} invitation", "{count} invitations", done.invitations), done.invitations),
    )
    valid = (
        (ngettext("{count} organisation", "{count} organisations", organisations), organisations),
        (ngettext("{count} station", "{count} stations", stations), stations),
        (ngettext("{count} token", "{count} tokens", tokens), tokens),
        (ngettext("{count} person", "{count} people", people), people),
    )
    return (
        good(_("Ended: {what}").format(what=_counted(ended))),
        doubt(
            _("Valid now: {what}").format(what=_counted(valid)),
            _(
                "What was revoked, removed, erased or ended after {moment} is valid again: look "
                "through the pages Server (organisations), Stations, Settings (tokens) and People "
                "before you start the server for others, and end it once more."
            ).format(moment=moment(done.made_at)),
        ),
    )


def _counted(told: Iterable[tuple[str, int]]) -> str:
    """As “1 log-in, 3 invitations”, of the words and the number of each."""
    return ", ".join(words.format(count=number(count)) for words, count in told)
