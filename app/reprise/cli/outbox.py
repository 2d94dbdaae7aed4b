"""reprise outbox: what waits for the server, and the service that sends it."""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import signal
import threading
from typing import Any

from reprise import bootstrap, codec
from reprise.cli.folders import existing_folder
from reprise.errors import EXIT_FAILED, EXIT_OK, InputError, ToolError
from reprise.i18n import _
from reprise.ports import OutboxItem
from reprise.wording.unsent import last_word
from reprise.workflow.deliver import Uplink, deliver, deliver_for_ever


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


def _refuse_a_mistyped_folder(args: argparse.Namespace) -> None:
    """Raises InputError: “nothing is waiting” must not be said of a folder that is not there."""
    if args.data is not None:
        existing_folder(args.data, "--data")


def run_status(args: argparse.Namespace) -> int:
    """Exit 0, also where no server is set: that is an answer."""
    _refuse_a_mistyped_folder(args)
    settings = bootstrap.settings(args)
    store = bootstrap.store(args)
    items = bootstrap.outbox(store).items()
    if args.json:
        plain = {
            "server": settings.server.url,
            "where": store.where(),
            "items": codec.to_builtins(items),
        }
        print(json.dumps(plain, ensure_ascii=False, indent=2))
        return EXIT_OK
    print(
        _("Server: {url}").format(url=settings.server.url)
        if settings.server.url
        else _("No server is set: reports are kept until one is.")
    )
    counts = {state: [i for i in items if i.state == state] for state in _STATES}
    print(
        _("Waiting: {waiting}, refused: {refused}, sent: {sent}.").format(
            **{state: len(found) for state, found in counts.items()}
        )
    )
    for item in items:
        if item.state != "sent":
            print("  " + _line(item))
    return EXIT_OK


_STATES = ("waiting", "refused", "sent")


def _line(item: OutboxItem) -> str:
    state = _("refused") if item.state == "refused" else _("waiting")
    words = last_word(item.detail)
    return f"{item.report_id}  {state}" + (f": {words}" if words else "")


def run_send(args: argparse.Namespace) -> int:
    """Exit 0 where nothing is left to send, 4 where something is, 2 without a server."""
    _refuse_a_mistyped_folder(args)
    store = bootstrap.store(args)
    queue = bootstrap.outbox(store)
    summary = deliver(queue, bootstrap.uplink(bootstrap.settings(args), store), refused_too=True)
    print(
        _("Sent: {sent}, refused: {refused}, waiting: {waiting}.").format(
            sent=len(summary.sent), refused=len(summary.refused), waiting=len(summary.waiting)
        )
    )
    for item in queue.items():
        if item.state != "sent":
            print("  " + _line(item))
    return EXIT_FAILED if summary.refused or summary.waiting else EXIT_OK


def run_service(args: argparse.Namespace) -> int:
    """Until SIGTERM. Settings are read again every round: a stick may bring a server and a Wi-Fi
    network, and a person may set a proxy."""
    store = bootstrap.store(args)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_signal: stop.set())
    network = None if args.data is not None else bootstrap.network(args)

    def uplink() -> Uplink | None:
        if network is not None:
            with contextlib.suppress(ToolError):  # F6 says it
                network.keep_default()
        found, _problems = bootstrap.station_settings(args)
        try:
            return bootstrap.uplink(found, store)
        except InputError:
            return None

    deliver_for_ever(
        bootstrap.outbox(store),
        uplink,
        bootstrap.outbox_watch(args, store, stop),
        stop,
        random.random,
    )
    return EXIT_OK
