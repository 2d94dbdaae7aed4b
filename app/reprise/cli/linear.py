"""`reprise station run --linear`, and its demonstration: the same flow in plain lines on this
terminal, which echoes and edits what is typed by itself."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from reprise.cli.patience import Patience, no_engine
from reprise.errors import EXIT_OK, EXIT_STOPPED
from reprise.linear.terminal import Ended, Inbox

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from reprise.tool_ports.tools import Tools
    from reprise.workflow.desk.port import Desk


def run_linear(args: argparse.Namespace, wait_s: float | None) -> int:
    """As the screen: it may end or be killed, the engine goes on, and the next one takes up what
    goes on there. `wait_s`: how long an engine may take to come. Raises LinkError where none does.
    """
    from reprise import bootstrap

    bootstrap.tell_ready()
    desk, inbox = bootstrap.remote_desk(args), Inbox()
    with Patience(wait_s) as patience:
        patience.watch(desk, lambda: inbox.put(Ended()))
        code = _converse(
            desk,
            inbox,
            follow_language=not args.lang,
            tools=bootstrap.station_tools(args),
            on_language=bootstrap.speak_in if args.data is None else _no_voice,
        )
    if patience.over:
        raise no_engine(args)
    return code


def run_linear_demo(args: argparse.Namespace) -> int:
    """Raises InputError on a fault that does not fit."""
    from reprise import bootstrap
    from reprise.workflow.desk.engine import Engine

    inbox = Inbox()
    with bootstrap.demonstration(args.machine, args.speed, args.fault, args.data) as shown:
        engine = Engine(lambda: shown.services(lambda: inbox.put(Ended())))
        engine.start()
        code = _converse(engine, inbox, tools=shown.tools())
        engine.wait_end()
    return code


def _no_voice(_language: str) -> None:
    """Whoever sees to speech on a person's own machine, it is not this program."""


def _converse(
    desk: Desk,
    inbox: Inbox,
    *,
    follow_language: bool = False,
    tools: Tools,
    on_language: Callable[[str], None] = _no_voice,
) -> int:
    from threading import Thread

    from reprise import bootstrap
    from reprise.linear.flow import SHEETS, STEPS
    from reprise.linear.talk import Talk

    keys = bootstrap.typed_keys()
    talk = Talk(
        desk,
        inbox,
        _write,
        clock=time.monotonic,
        local_time=tools.local_time,
        follow_language=follow_language,
        on_language=on_language,
        keys=keys,
        tools=tools,
    )
    Thread(target=inbox.read, args=(keys.lines(),), name="keyboard", daemon=True).start()
    try:
        talk.run(STEPS, SHEETS)
    except KeyboardInterrupt:
        talk.person_came()  # or the next one that is started would begin by itself
        return EXIT_STOPPED
    finally:
        keys.close()
        desk.close()
    return EXIT_OK


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
