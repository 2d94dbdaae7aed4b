"""Input devices through a pipe, beside a made tree."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reprise.tools.evdev import EV_KEY, EVENT, KEYS, PRESSED, RELEASED
from unit.adapters.hardware.made_tree import MadeTree

CODES = {name: code for code, name in KEYS.items()}
# As a ThinkPad prints them (6.12, x86-64).
AT_KEYBOARD = "402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe"
TOUCHPAD = "e520 10000 0 0 0 0"


def device(tree: MadeTree, number: int, **facts: str) -> Path:
    shown = {"name": "a device", "id/bustype": "0011", "properties": "0"}
    shown |= {f"capabilities/{kind}": "0" for kind in ("key", "rel", "abs")}
    for file, value in (shown | {k.replace("__", "/"): v for k, v in facts.items()}).items():
        tree.write(f"sys/class/input/event{number}/device/{file}", value + "\n")
    node = tree.root / f"dev/input/event{number}"
    node.parent.mkdir(exist_ok=True)
    os.mkfifo(node)
    return node


@contextmanager
def plugged(node: Path) -> Iterator[int]:
    writer = os.open(node, os.O_RDWR)
    yield writer
    os.close(writer)


def key(code: int, value: int = PRESSED) -> bytes:
    return EVENT.pack(1, 2, EV_KEY, code, value)


def tap(*names: str) -> bytes:
    return b"".join(key(CODES[n]) + key(CODES[n], RELEASED) for n in names)
