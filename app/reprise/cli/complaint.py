"""What a command says on the standard error, after "reprise: "."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from contextlib import suppress

# A sentence's first word, but no abbreviation.
_SENTENCE = re.compile(r"[A-ZÀ-Þ][a-zß-ÿ]*(?=[\s’])")


def complain(text: str, typed: Sequence[str] = ()) -> None:
    with suppress(OSError):  # nobody reads it any more: the exit code says it, too
        print(f"reprise: {_small(text, typed)}", file=sys.stderr, flush=True)


def _small(text: str, typed: Sequence[str]) -> str:
    """As it goes on after "reprise: ". What was typed and what is a name keeps its capital."""
    first = _SENTENCE.match(text)
    if first is None or first[0] in (*typed, "Reprise"):
        return text
    return text[0].lower() + text[1:]
