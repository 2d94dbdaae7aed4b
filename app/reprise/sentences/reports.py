"""What became of a report, and what to do about it. `gone`: it lies on a stick that was pulled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reprise.domain.station.delivery import SendRound
from reprise.i18n import _
from reprise.ports import OutboxItem
from reprise.sentences.when import Clock, moment
from reprise.wording.delivery import last_word, what_to_do

_RANK = {"refused": 0, "waiting": 1, "sent": 2}


def in_order(items: Iterable[OutboxItem]) -> list[OutboxItem]:
    """What wants a person first; of those alike the newest first."""
    newest = sorted(items, key=lambda item: item.sealed_at, reverse=True)
    return sorted(newest, key=lambda item: _RANK.get(item.state, 0))


def server(url: str) -> str:
    text = _("Server: {url}").format(url=url)
    return text if url else _("No server is set: reports are kept until one is.")


def counts(items: tuple[OutboxItem, ...]) -> str:
    by_state = {"waiting": 0, "refused": 0, "sent": 0}
    for item in items:
        by_state[item.state] += 1
    return _("Waiting: {waiting}, refused: {refused}, sent: {sent}.").format(**by_state)


def none_yet() -> str:
    return _("No report yet: it is made once the drives are done.")


def state(item: OutboxItem, *, gone: bool = False) -> str:
    """In one word."""
    if gone:
        return _("elsewhere")
    return {"sent": _("sent"), "refused": _("REFUSED")}.get(item.state, _("waiting"))


def word_on(item: OutboxItem, clock: Clock, *, gone: bool = False) -> str:
    if gone:
        return _("it is on a stick that was pulled")
    if item.state == "sent":
        return _("the server has it ({moment})").format(moment=moment(item.detail, clock))
    nothing = _("the server refused it") if item.state == "refused" else _("not tried yet")
    return last_word(item.detail, item.reason, item.about) or nothing


def advice(item: OutboxItem, server_url: str, *, gone: bool = False) -> str:
    if gone:
        return _("Plug that stick in again to send it.")
    if item.state == "sent":
        return _("Nothing: it is safe.")
    if item.state == "refused":
        return _(
            "Tell the server's administrator: most often this station is not enrolled "
            "there, or its key was revoked. Then press F5."
        )
    if not server_url:
        return _(
            "Write the server's address into reprise.toml on the stick, or copy the file below"
            " to another PC."
        )
    return what_to_do(item.detail, item.reason, item.about)


def facts(
    item: OutboxItem, clock: Clock, server_url: str, *, gone: bool = False
) -> Iterator[tuple[str, str]]:
    """(label, what stands behind it): when it was made, what became of it, what to do."""
    if item.sealed_at:
        yield _("Made"), moment(item.sealed_at, clock)
    yield _("State"), word_on(item, clock, gone=gone)
    yield _("To do"), advice(item, server_url, gone=gone)


def tried(done: SendRound) -> str:
    """What came of sending now."""
    if done == SendRound():
        return _("Nothing waits to be sent.")
    text = _("Just tried. Sent: {sent}, refused: {refused}, still waiting: {waiting}.")
    return text.format(sent=done.sent, refused=done.refused, waiting=done.waiting)
