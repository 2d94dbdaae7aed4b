"""Frozen dataclasses <-> JSON, for every layer but the domain.

One set of rules for all documents: facts that are None are absent, enums are their value, keys
keep the order of their declaration, UTF-8 without escapes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from inspect import cleandoc
from threading import Lock
from types import MappingProxyType
from typing import Any, TypeVar, get_args

import msgspec

from reprise.domain.report.events import Event, Stamped
from reprise.errors import InputError

T = TypeVar("T")
_learning = Lock()
_learnt: set[type[Any]] = set()  # kinds that msgspec knows whole, with all that they hold
_EVENTS: MappingProxyType[str, type[Any]] = MappingProxyType(
    {kind.__name__: kind for kind in get_args(Event)}
)


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_none(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [_without_none(v) for v in value]
    return value


def to_builtins(value: Any) -> Any:
    """Plain dicts, lists and scalars; facts that are None are left out."""
    return _without_none(msgspec.to_builtins(value, enc_hook=_plain))


def _plain(value: Any) -> str:
    """i18n.Text, which msgspec knows nothing of."""
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"no JSON of {type(value).__name__}")


def to_json(value: Any, *, pretty: bool = False) -> bytes:
    """Exact bytes of a document. The same value always gives the same bytes. Half a letter, as a
    drive's label may hold, is "?": no document can hold it."""
    plain = to_builtins(value)
    if pretty:
        return json.dumps(plain, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def from_builtins(plain: Any, kind: type[T]) -> T:
    """Raises InputError that names the place where `plain` does not fit `kind`."""
    try:
        return learning_once(kind, lambda: msgspec.convert(plain, type=kind))
    except msgspec.ValidationError as error:
        raise InputError(f"not a valid {kind.__name__}: {error}") from error


def part_of_json(data: bytes, kind: type[T]) -> T:
    """What `kind` wants of JSON that anyone may have written; of the rest nothing is made, which
    may take twenty times its bytes. So it is no check either. Raises InputError."""
    try:
        return learning_once(kind, lambda: msgspec.json.decode(data, type=kind))
    except (ValueError, RecursionError) as error:
        raise InputError(f"not a valid {kind.__name__}: {error}") from error


def learning_once(kind: type[T], read: Callable[[], T]) -> T:
    """msgspec 0.22 crashes the whole process where a thread uses what another one is learning of a
    dataclass: its record is found by its class before it is complete."""
    if kind in _learnt:
        return read()
    with _learning:
        value = read()
        _learnt.add(kind)
        return value


def loaded(data: bytes) -> Any:
    """JSON that anyone may have written. Raises InputError where it is none, and where to_json
    could never have written it: other than UTF-8, half a letter, deeper than can be read."""
    try:
        plain = json.loads(data.decode("utf-8-sig"))
        if b"\\u" in data:
            json.dumps(plain, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON: {error}") from error
    return plain


def from_json(data: bytes, kind: type[T]) -> T:
    """Raises InputError where `data` is not JSON or does not fit `kind`."""
    return from_builtins(loaded(data), kind)


def event_to_builtins(stamped: Stamped) -> dict[str, Any]:
    """One line of a journal, and of what the engine tells a screen."""
    return {
        "seq": stamped.seq,
        "at": stamped.at,
        "monotonic_s": stamped.monotonic_s,
        "event": type(stamped.event).__name__,
        "data": to_builtins(stamped.event),
    }


def event_from_builtins(row: Any) -> Stamped:
    """Raises InputError where `row` is not one of our events."""
    if not isinstance(row, dict):
        raise InputError("not an object")
    kind = _EVENTS.get(str(row.get("event")))
    if kind is None:
        raise InputError(f"unknown event {row.get('event')!r}")
    head = {"seq": row.get("seq"), "at": row.get("at"), "monotonic_s": row.get("monotonic_s")}
    stamp = from_builtins(head, _Stamp)
    return Stamped(stamp.seq, stamp.at, stamp.monotonic_s, from_builtins(row.get("data"), kind))


@dataclass(frozen=True, slots=True)
class _Stamp:
    seq: int
    at: str
    monotonic_s: float


def json_schema(kind: type[Any], title: str, urn: str) -> dict[str, Any]:
    """JSON Schema (2020-12) of a document, made from its dataclass.

    It describes what to_json writes, exactly: a fact that may be None may be absent but is never
    null, every other field is there, and there are no further fields.
    """
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": urn, "title": title}
    schema = msgspec.json.schema(kind)
    for definition in schema.get("$defs", {}).values():
        if "description" in definition:
            # before Python 3.13 docstrings keep the indentation of their source
            definition["description"] = cleandoc(definition["description"])
        if "properties" in definition:
            _as_written(definition)
    return {**head, **schema}


def _as_written(definition: dict[str, Any]) -> None:
    required = []
    for name, given in definition["properties"].items():
        kinds = [kind for kind in given.get("anyOf", ()) if kind != {"type": "null"}]
        optional = bool(kinds) and len(kinds) < len(given["anyOf"])
        if not optional:
            required.append(name)
        field = kinds[0] if optional and len(kinds) == 1 else dict(given)
        if optional and len(kinds) > 1:
            field = {"anyOf": kinds}
        default = field.pop("default", None)
        if name == "schema":
            field = {"const": default}
        elif name.endswith("_at") and field.get("type") == "string":
            field["format"] = "date-time"
        elif name.endswith("_bytes") and field.get("type") == "integer":
            field["minimum"] = 0
        definition["properties"][name] = field
    definition["required"] = required
    definition["additionalProperties"] = False


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
