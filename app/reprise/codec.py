"""Frozen dataclasses <-> JSON, for every layer but the domain.

One set of rules for all documents: facts that are None are absent, enums are their value, keys
keep the order of their declaration, UTF-8 without escapes.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, TypeVar

import msgspec

from reprise.errors import InputError

T = TypeVar("T")


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_none(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [_without_none(v) for v in value]
    return value


def to_builtins(value: Any) -> Any:
    """Plain dicts, lists and scalars; facts that are None are left out."""
    return _without_none(msgspec.to_builtins(value))


def to_json(value: Any, *, pretty: bool = False) -> bytes:
    """Exact bytes of a document. The same value always gives the same bytes."""
    plain = to_builtins(value)
    if pretty:
        return json.dumps(plain, ensure_ascii=False, indent=2).encode() + b"\n"
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()


def from_builtins(plain: Any, kind: type[T]) -> T:
    """Raises InputError that names the place where `plain` does not fit `kind`."""
    try:
        return msgspec.convert(plain, type=kind)
    except msgspec.ValidationError as error:
        raise InputError(f"not a valid {kind.__name__}: {error}") from error


def from_json(data: bytes, kind: type[T]) -> T:
    """Raises InputError where `data` is not JSON or does not fit `kind`."""
    try:
        plain = json.loads(data)
    except (ValueError, UnicodeDecodeError) as error:
        raise InputError(f"not JSON: {error}") from error
    return from_builtins(plain, kind)


def json_schema(kind: type[Any], title: str) -> dict[str, Any]:
    """JSON Schema (2020-12) of a dataclass, made from its types."""
    schema = msgspec.json.schema(kind)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **schema}


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
