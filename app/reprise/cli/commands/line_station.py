"""`reprise station run --linear`, and its demonstration: the same flow in plain lines on this
terminal, which echoes and edits what is typed by itself."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from reprise.cli.engine_wait import Patience, no_engine
from reprise.errors import EXIT_OK, EXIT_STOPPED
from reprise.line_interface.terminal import Ended, Inbox

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from reprise.bootstrap.command_line import CommandLine
    from reprise.ports.sheets.station_tools import StationTools
    from reprise.workflow.engine.port import EngineClient


def run_linear(given: CommandLine, wait_s: float | None) -> int:
    """As the screen: it may end or be killed, the engine goes on, and the next one takes up what
    goes on there. `wait_s`: how long an engine may take to come. Raises LinkError where none does.
    """
    from reprise.bootstrap.engine import remote_engine, speak_in, tell_ready
    from reprise.bootstrap.tools import station_tools

    tell_ready()
    engine, inbox = remote_engine(given), Inbox()
    with Patience(wait_s) as patience:
        patience.watch(engine, lambda: inbox.put(Ended()))
        code = _converse(
            engine,
            inbox,
            follow_language=not given.lang,
            tools=station_tools(given),
            on_language=speak_in if given.data is None else _no_voice,
        )
    if patience.over:
        raise no_engine(given)
    return code


def run_linear_demo(args: argparse.Namespace) -> int:
    """Raises InputError on a fault that does not fit."""
    from reprise.bootstrap.demo import demonstration
    from reprise.workflow.engine.engine import Engine

    inbox = Inbox()
    with demonstration(args.machine, args.speed, args.fault, args.data) as shown:
        engine = Engine(lambda: shown.services(lambda: inbox.put(Ended())))
        engine.start()
        code = _converse(engine, inbox, tools=shown.tools())
        engine.wait_end()
    return code


def _no_voice(_language: str) -> None:
    """Whoever sees to speech on a person's own machine, it is not this program."""


def _converse(
    engine: EngineClient,
    inbox: Inbox,
    *,
    follow_language: bool = False,
    tools: StationTools,
    on_language: Callable[[str], None] = _no_voice,
) -> int:
    from pkgutil import resolve_name
    from threading import Thread

    from reprise.bootstrap.engine import typed_keys
    from reprise.cli.sheets import SHEETS
    from reprise.line_interface.conversation import Conversation
    from reprise.line_interface.flow import STEPS
    from reprise.line_interface.sheets import visit
    from reprise.workflow.engine.presence import Presence

    telling = Presence(lambda: engine)
    keys = typed_keys()
    talk = Conversation(
        engine,
        inbox,
        _write,
        clock=time.monotonic,
        local_time=tools.local_time,
        follow_language=follow_language,
        on_language=on_language,
        keys=keys,
        sheets=SHEETS,
        tools=tools,
    )
    for sheet in SHEETS:
        resolve_name(sheet.lines)  # afterwards the stick may be pulled
    heard = (keys.lines(), telling.person_came)
    Thread(target=inbox.read, args=heard, name="keyboard", daemon=True).start()
    try:
        talk.run(STEPS, visit)
    except KeyboardInterrupt:
        telling.person_came()  # or the next one that is started would begin by itself
        return EXIT_STOPPED
    finally:
        keys.close()
        telling.stop()
        engine.close()
    return EXIT_OK


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
