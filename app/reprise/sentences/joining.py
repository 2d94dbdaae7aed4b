"""Joining a server, on screens and in plain lines alike."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.i18n import _
from reprise.ports.sheets.joining import JoinedServer, ServerFound
from reprise.wording.formats import moment


def found_facts(found: ServerFound) -> Iterator[tuple[str, str]]:
    """Who would be joined."""
    yield _("Server"), found.address
    yield _("Organisation"), found.organisation
    yield _("Station"), found.name or _("keeps its name")
    yield _("Server's key"), found.server_key


def found_rows(found: ServerFound) -> Iterator[str]:
    for label, value in found_facts(found):
        yield _("{name}: {value}").format(name=label, value=value)


def warning() -> str:
    return _(
        "Careful: this address had another key when this stick joined it. Ask the server's "
        "administrator whether the server was set up anew."
    )


def question() -> str:
    return _("Send this station's reports there from now on?")


def questions(found: ServerFound) -> Iterator[str]:
    """With a warning before it, where there is reason for one."""
    if found.another:
        yield warning()
    yield question()


def joined_words(joined: JoinedServer) -> str:
    told = _(
        "Joined: reports go to “{organisation}”, {url}; there this station is “{name}”."
    ).format(organisation=joined.organisation, url=joined.address, name=joined.name)
    if joined.valid_until is None:
        return told
    return f"{told} {_('Until {date}.').format(date=moment(joined.valid_until[:10]))}"
