"""Which program makes the papers: a digest of all that a paper's look and words come from, so that
nobody has to remember to say that they changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import reportlab
import segno

import reprise
import reprise_common

# What documents import, and so on: tests/server/test_papers.py holds this against the code.
PARTS = (
    *("documents", "wording", "domain", "codec.py", "errors.py", "i18n.py", "system_words.py"),
    "locale",
)
_KINDS = (".py", ".mo")


@cache
def maker() -> str:
    """64 hexadecimal digits. First asked for by the process that begins all others: its files and
    what it has loaded are then of one version."""
    digest = hashlib.sha256(f"{reportlab.Version} {segno.__version__}".encode())
    for name, path in _files():
        data = path.read_bytes()
        digest.update(f"\n{name} {len(data)}\n".encode() + data)
    return digest.hexdigest()


def _files() -> Iterator[tuple[str, Path]]:
    """With their names, which are the same wherever Reprise is installed."""
    top = Path(reprise.__file__).parent
    for place in (*(top / part for part in PARTS), Path(reprise_common.__file__).parent):
        found = [place] if place.is_file() else sorted(place.rglob("*"))
        for path in found:
            if path.suffix in _KINDS:
                yield str(path.relative_to(top.parent)), path
