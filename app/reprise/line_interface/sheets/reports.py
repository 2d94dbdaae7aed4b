"""Reports: each with what became of it, and what to do."""

from __future__ import annotations

from reprise.errors import RepriseError
from reprise.i18n import _
from reprise.line_interface.conversation import Conversation
from reprise.line_interface.shown import labelled
from reprise.line_interface.typed import number_of
from reprise.ports import OutboxItem
from reprise.sentences import reports as words
from reprise.sentences.done import short_code
from reprise.sentences.when import station_clock


def reports(talk: Conversation) -> None:
    while True:
        items = words.in_order(talk.status.outbox)
        told = words.counts(tuple(items)) if items else words.none_yet()
        talk.output.say(words.server(talk.status.server_url), told)
        for number, item in enumerate(items, 1):
            pc = item.pc or _("unknown PC")
            talk.output.say(f"{number}. {words.state(item)}, {short_code(item.report_id)}, {pc}")
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
        elif typed != "L":
            talk.output.say(_("No report has this number."))


def _send(talk: Conversation) -> None:
    if talk.tools.reports is None:
        return
    talk.output.say(_("Sending…"))
    try:
        talk.output.say(words.tried(talk.tools.reports().send_now()))
    except RepriseError as error:
        talk.output.say(str(error))


def _say(talk: Conversation, item: OutboxItem) -> None:
    clock = station_clock(talk.tools, talk.status)
    told = words.facts(item, clock, talk.status.server_url)
    rows = ((_("Report"), item.report_id), *told, (_("File"), item.path))
    talk.say(labelled(label, value) for label, value in rows)
