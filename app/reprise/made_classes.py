"""The methods of our dataclasses, compiled when the image was built.

Python's library writes a dataclass's methods as text and compiles them whenever the class is made,
at each start: that was half of what a command computed before its first line (0204). The text is
the same each time, so the image brings what it compiles to, found by that very text: a class can
get no other method than it asks for, and a text that is not known is compiled as ever."""

from __future__ import annotations

import dataclasses
import marshal
from collections.abc import Callable
from importlib import import_module
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType
from typing import Any

# What a station starts; of what a command imports beyond, little has classes.
_STARTED = (
    *("reprise.__main__", "reprise.cli.station", "reprise.cli.outbox", "reprise.tui.app"),
    *("reprise.bootstrap.station", "reprise.workflow.desk.engine", "reprise.workflow.desk.server"),
    *("reprise.adapters.probe", "reprise.adapters.stick"),
)
# Without references to what was met before, whose places depend on the moment: the same bytes from
# every build.
_MARSHAL_VERSION = 2


def use(path: Path) -> int:
    """Before anything else of ours is imported. How many texts are known: 0 without the file, or
    where another Python made it."""
    data = path.read_bytes() if path.exists() else b""
    if not data.startswith(MAGIC_NUMBER):
        return 0
    known: dict[str, bytes] = marshal.loads(data[len(MAGIC_NUMBER) :])  # noqa: S302 (ours)

    def unpacked(text: str) -> CodeType | None:
        packed = known.get(text)
        return None if packed is None else marshal.loads(packed)  # noqa: S302 (ours)

    _put_in(unpacked)
    return len(known)


def collected() -> bytes:
    """The file for `use`. Only in a process that has imported nothing else of ours."""
    met: dict[str, bytes] = {}

    def compiled(text: str) -> CodeType:
        code = compile(text, "<string>", "exec")
        met[text] = marshal.dumps(code, _MARSHAL_VERSION)  # a start unpacks what it asks for
        return code

    _put_in(compiled)
    for name in _STARTED:
        import_module(name)
    return MAGIC_NUMBER + marshal.dumps(met, _MARSHAL_VERSION)


def _put_in(find: Callable[[str], CodeType | None]) -> None:
    """dataclasses (3.13: _FuncBuilder.add_fns_to_class) calls exec by that name."""

    def execute(text: str, names: dict[str, Any], made: dict[str, Any]) -> None:
        exec(find(text) or text, names, made)  # noqa: S102 (dataclasses' own text)

    vars(dataclasses)["exec"] = execute
