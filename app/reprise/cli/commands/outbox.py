"""reprise outbox: what waits for the server, and the service that sends it."""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import signal
import threading
import uuid
from typing import TYPE_CHECKING, Any

from reprise import codec
from reprise.bootstrap import config, storage, tools
from reprise.cli.complaint import complain
from reprise.cli.folders import existing_folder, given_by
from reprise.domain.station.connectivity import Reach
from reprise.errors import EXIT_FAILED, EXIT_OK, InputError, ToolError
from reprise.i18n import _
from reprise.ports import OutboxItem
from reprise.wording import printable
from reprise.wording.delivery import last_word
from reprise.workflow.delivery.deliver import Rotation, Summary, deliver, deliver_for_ever

if TYPE_CHECKING:
    from reprise.adapters.delivery.uplink import HttpUplink
    from reprise.adapters.storage.store import MirroredStore


def register(commands: Any) -> None:
    parser = commands.add_parser(
        "outbox",
        help=_("reports waiting for the server"),
        description=_("Shows or sends the reports that wait for the server."),
    )
    what = parser.add_subparsers(dest="what", metavar=_("COMMAND"), required=True)
    status = what.add_parser("status", help=_("list the reports and where they stand"))
    status.add_argument("--json", action="store_true", help=_("print JSON"))
    status.set_defaults(run=run_status)
    send = what.add_parser("send", help=_("try to send every report once, now"))
    send.set_defaults(run=run_send)
    service = what.add_parser("run", help=_("send continuously, as soon as the server answers"))
    service.set_defaults(run=run_service)


def _refuse_a_mistyped_folder(data: str | None) -> None:
    """Raises InputError: “nothing is waiting” must not be said of a folder that is not there."""
    if data is not None:
        existing_folder(data, "--data")


def run_status(args: argparse.Namespace) -> int:
    """Exit 0, also where no server is set: that is an answer. 4 where one cannot be read or some
    may not be listed."""
    given = given_by(args)
    _refuse_a_mistyped_folder(given.data)
    settings = config.settings(given)
    store = storage.store(given.data)
    items = storage.outbox(store).items()
    unseen = _unseen(store)
    unread = any(item.reason is Reach.UNREAD for item in items)
    if args.json:
        plain = {
            "server": settings.server.url,
            "where": store.where(),
            "problem": unseen,
            "items": codec.to_builtins(items),
        }
        print(json.dumps(plain, ensure_ascii=False, indent=2))
        return EXIT_FAILED if unseen or unread else EXIT_OK
    print(
        _("Server: {url}").format(url=settings.server.url)
        if settings.server.url
        else _("No server is set: reports are kept until one is.")
    )
    counts = {state: [i for i in items if i.state == state] for state in _STATES}
    print(
        _("Waiting: {waiting}, refused: {refused}, sent: {sent}.").format(
            **{state: len(group) for state, group in counts.items()}
        )
    )
    for item in items:
        if item.state != "sent":
            print("  " + _line(item))
    return EXIT_FAILED if unseen or unread else EXIT_OK


def _unseen(store: MirroredStore) -> str:
    """Why reports may be there that were not listed, said on the standard error, too; "" where
    everything could be read."""
    problem = store.problem()
    if problem:
        complain(problem)
    return problem


_STATES = ("waiting", "refused", "sent")


def _line(item: OutboxItem) -> str:
    state = _("refused") if item.state == "refused" else _("waiting")
    words = printable(last_word(item.detail, item.reason, item.about))
    said = _("{name}: {value}").format(name=state, value=words) if words else state
    return f"{item.report_id}  {said}"


def run_send(args: argparse.Namespace) -> int:
    """Exit 0 where nothing is left to send, 4 where something is, 2 without a server."""
    given = given_by(args)
    _refuse_a_mistyped_folder(given.data)
    store = storage.store(given.data)
    queue = storage.outbox(store)
    link = storage.uplink(config.settings(given), store)
    turn = Rotation(str(uuid.uuid4()))  # anywhere: of the command before nothing is known
    summary = deliver(queue, link, refused_too=True, turn=turn)
    print(
        _("Sent: {sent}, refused: {refused}, waiting: {waiting}.").format(
            sent=len(summary.sent), refused=len(summary.refused), waiting=len(summary.waiting)
        )
    )
    for item in queue.items():
        if item.state != "sent":
            print("  " + _line(item))
    left = summary.refused or summary.waiting
    return EXIT_FAILED if _unseen(store) or left else EXIT_OK


class _Awaited:
    """Says on the standard error what the service waits for: once, and again where it changes."""

    def __init__(self) -> None:
        self._told = ""

    def tell(self, words: str) -> None:
        if words != self._told:
            self._told = words
            complain(words)


def run_service(args: argparse.Namespace) -> int:
    """Until SIGTERM. Settings are read again every round: a stick may bring a server and a Wi-Fi
    network, and a person may set a proxy."""
    given = given_by(args)
    _refuse_a_mistyped_folder(given.data)
    store = storage.store(given.data)
    stop = threading.Event()
    awaited = _Awaited()
    signal.signal(signal.SIGTERM, lambda *_signal: stop.set())
    network = None if given.data is not None else tools.network(given)

    def uplink() -> HttpUplink | None:
        if network is not None:
            with contextlib.suppress(ToolError):  # F6 says it
                network.keep_default()
        settings, _problems = config.station_settings(given)
        try:
            link = storage.uplink(settings, store)
        except InputError as error:
            awaited.tell(str(error))
            return None
        awaited.tell(_("Reports are sent to {url} as soon as it answers.").format(url=link.server))
        return link

    queue, watch = storage.outbox(store), storage.outbox_watch(given.data, store, stop)

    def greet(link: HttpUplink, summary: Summary) -> None:
        tools.greet(given, link, len(summary.waiting), len(summary.refused))

    with storage.stick_kept(given.data, store):
        deliver_for_ever(queue, uplink, watch, stop, random.random, greet=greet)
    return EXIT_OK
