"""JSON as RFC 7493 (I-JSON) asks for it: what two readers could read in two ways is refused."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn


class NotStrictError(ValueError):
    """Not JSON, or JSON that readers disagree on."""


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen = dict(pairs)
    if len(seen) != len(pairs):
        raise NotStrictError("a name stands twice in one object")
    return seen


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise NotStrictError("a number is too large")
    return number


def _integer(text: str) -> int:
    if len(text) > 20 or not -(2**63) <= int(text) < 2**63:
        raise NotStrictError("a number is too large")
    return int(text)


def _no_constant(name: str) -> NoReturn:
    raise NotStrictError(f"{name} is not JSON")


def strict_object(data: bytes) -> dict[str, Any]:
    """The one object in `data` (UTF-8, no byte order mark). Raises NotStrictError."""
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_no_twins,
            parse_float=_finite,
            parse_int=_integer,
            parse_constant=_no_constant,
        )
        # An unpaired surrogate parses, but can neither be stored nor shown.
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except NotStrictError:
        raise
    except (ValueError, RecursionError) as error:
        raise NotStrictError(str(error)[:200]) from error
    if not isinstance(value, dict):
        raise NotStrictError("not an object")
    return value
