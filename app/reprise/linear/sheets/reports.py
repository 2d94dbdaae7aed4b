"""Reports: each with what became of it, and what to do."""

from __future__ import annotations

from datetime import datetime

from reprise.errors import RepriseError
from reprise.i18n import _
from reprise.linear.shown import labelled
from reprise.linear.talk import Talk
from reprise.linear.typed import number_of
from reprise.ports import OutboxItem
from reprise.sentences import reports as words
from reprise.sentences.done import short_code
from reprise.sentences.when import moment


def reports(talk: Talk) -> None:
    while True:
        items = words.in_order(talk.board.outbox)
        talk.mouth.say(words.server(talk.board.server_url), words.counts(tuple(items)))
        if not items:
            talk.mouth.say(words.none_yet())
        for number, item in enumerate(items, 1):
            pc = item.pc or _("unknown PC")
            talk.mouth.say(f"{number}. {words.state(item)}, {short_code(item.report_id)}, {pc}")
        typed = talk.ask(
            _("Number: that report. F5: send now. Enter: back."),
            _("They also go by themselves as soon as there is a network."),
        )
        number = number_of(typed)
        if typed.upper() == "F5":
            _send(talk)
        elif 1 <= number <= len(items):
            _say(talk, items[number - 1])
        elif not typed:
            return


def _send(talk: Talk) -> None:
    if talk.tools.reports is None:
        return
    talk.mouth.say(_("Sending…"))
    try:
        talk.mouth.say(words.tried(talk.tools.reports().send_now()))
    except RepriseError as error:
        talk.mouth.say(str(error))


def _say(talk: Talk, item: OutboxItem) -> None:
    install = talk.board.install
    zone = "" if install is None else install.timezone

    def clock(when: datetime | None) -> datetime:
        return talk.tools.in_zone(when, zone)

    talk.mouth.say(labelled(_("Report"), item.report_id))
    if item.sealed_at:
        talk.mouth.say(labelled(_("Made"), moment(item.sealed_at, clock)))
    talk.mouth.say(
        labelled(_("State"), words.word_on(item, clock)),
        labelled(_("To do"), words.advice(item, talk.board.server_url)),
        labelled(_("File"), item.path),
    )
