"""Textual finds a handler by its message's name: a renamed message would lose it in silence."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import TypeVar

from textual.message import Message
from textual.message_pump import MessagePump

import reprise.tui

T = TypeVar("T")


def classes_of_ours(kind: type[T]) -> Iterator[type[T]]:
    for found in pkgutil.walk_packages(reprise.tui.__path__, "reprise.tui."):
        for one in vars(import_module(found.name)).values():
            if isinstance(one, type) and one.__module__ == found.name:
                inner = [part for part in vars(one).values() if isinstance(part, type)]
                yield from (part for part in (one, *inner) if issubclass(part, kind))


def test_every_message_has_a_handler() -> None:
    handled: set[str] = set()
    for pump in classes_of_ours(MessagePump):
        handled |= {name for name in vars(pump) if name.startswith("on_")}
        decorated = getattr(pump, "_decorated_handlers", {})
        handled |= {message.handler_name for message in decorated}
    sent = {one: one.handler_name for one in classes_of_ours(Message)}
    assert len(sent) > 10
    assert {one.__name__ for one, handler in sent.items() if handler not in handled} == set()
