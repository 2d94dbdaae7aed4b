"""What the engine and a screen say to each other: one JSON object a line.

Both begin with Hello. Then the screen asks, and the engine answers and tells the news. They are
two processes of one installation, so there is one version only: the same on both sides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, get_type_hints

from reprise import __version__
from reprise.codec import from_builtins, loaded, to_json
from reprise.domain.erasure.progress import Progress
from reprise.errors import (
    DeviceError,
    InputError,
    LinkError,
    RefusedError,
    RepriseError,
    StorageError,
    ToolError,
)
from reprise.workflow.engine.port import StationStatus

PROTOCOL = 2
MOST_ASKED_BYTES = 64 << 10
MOST_TOLD_BYTES = 64 << 20  # the inventory of a server with many drives has its place in one line
MOST_EVENTS = 200  # of one News


class Channel(Protocol):
    """A stream of lines to the other process. One thread may send while another receives."""

    def send(self, line: bytes) -> None:
        """Raises LinkError where the other one is gone or has not read for some seconds."""
        ...

    def receive(self, most_bytes: int) -> bytes | None:
        """One line, without its end; None where the other one has closed. Raises LinkError on a
        longer line."""
        ...

    def close(self) -> None:
        """Both threads come back; may be called twice."""
        ...


@dataclass(frozen=True, slots=True)
class Hello:
    protocol: int = PROTOCOL
    version: str = __version__


@dataclass(frozen=True, slots=True)
class Ask:
    """A call of one of port.Asking's methods. `language`: of the sentences in the answer."""

    number: int
    name: str
    language: str
    argument: Any = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A RepriseError on its way. `kind`: its class."""

    kind: str
    what: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    number: int
    failure: Failure | None = None
    value: Any = None


@dataclass(frozen=True, slots=True)
class News:
    """What is new for this screen: events (rows of codec.event_to_builtins), the status where it
    changed, the newest ticks of the drives that moved. `more`: the next line belongs to the same
    moment, so that nothing is to be shown yet."""

    events: tuple[Any, ...] = ()
    status: StationStatus | None = None
    ticks: tuple[Progress, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """The last line of a link: why it is closed."""

    what: str


_KINDS: Mapping[str, type[Any]] = {
    kind.__name__: kind for kind in (Hello, Ask, Answer, News, Refused)
}
_ERRORS: Mapping[str, type[RepriseError]] = {
    kind.__name__: kind
    for kind in (DeviceError, InputError, LinkError, RefusedError, StorageError, ToolError)
}


def encode(message: Hello | Ask | Answer | News | Refused) -> bytes:
    """The line, without its end."""
    return to_json({"kind": type(message).__name__, "data": message})


def decode(line: bytes) -> Hello | Ask | Answer | News | Refused:
    """Raises InputError on anything else."""
    plain = loaded(line)
    kind = _KINDS.get(str(plain.get("kind"))) if isinstance(plain, dict) else None
    if kind is None:
        raise InputError("not a message of the station")
    message: Hello | Ask | Answer | News | Refused = from_builtins(plain.get("data"), kind)
    return message


def greeted(line: bytes | None) -> bool:
    """Whether the first line of the other side is of our own version. Raises InputError where it
    is no greeting at all."""
    message = None if line is None else decode(line)
    if not isinstance(message, Hello):
        raise InputError("the other side did not greet")
    return message == Hello()


def failure_of(error: RepriseError) -> Failure:
    return Failure(type(error).__name__, error.what, error.advice)


def error_of(failure: Failure) -> RepriseError:
    return _ERRORS.get(failure.kind, RepriseError)(failure.what, failure.advice)


@dataclass(frozen=True, slots=True)
class Request:
    """The types of one method of a protocol: of its argument and of its answer; None: none."""

    argument: type[Any] | None
    answer: type[Any] | None


def requests_of(asking: type) -> Mapping[str, Request]:
    """The methods of a Protocol that may be called over a link, from their annotations.

    Raises TypeError where one has more than one argument.
    """
    requests = {}
    members = {
        name: member for base in reversed(asking.__mro__) for name, member in vars(base).items()
    }
    for name, method in members.items():
        if name.startswith("_") or not callable(method):
            continue
        hints = get_type_hints(method)
        answer = hints.pop("return", None)
        if len(hints) > 1:
            raise TypeError(f"{name} has more than one argument")
        argument = next(iter(hints.values()), None)
        requests[name] = Request(argument, None if answer is type(None) else answer)
    return requests
