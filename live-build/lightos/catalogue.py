"""Writes the catalogue that goes on the stick: what config/images.toml says of each image, plus
what only the build knows (version, digest, sizes). Standard library only: it runs before any
virtual environment exists.

usage: catalogue.py entry CONFIG NAME         what people decided about one image
       catalogue.py add CONFIG BUILT NAME VERSION SHA256 SIZE_BYTES UNPACKED_BYTES
                                              the catalogue BUILT with this image new or renewed;
                                              images that CONFIG no longer names are left out
       catalogue.py select BUILT NAME…        the catalogue BUILT with these images only
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Entry = dict[str, Any]


def toml_lines(table: Entry) -> list[str]:
    """One table of scalars and of one level of string tables. JSON's strings are TOML's."""
    lines = []
    for key, value in table.items():
        if isinstance(value, dict):
            inner = (f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in value.items())
            lines.append(f"{key} = {{ {', '.join(inner)} }}")
        else:
            lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    return lines


def written(entries: Iterable[Entry]) -> str:
    return "\n".join("\n".join(["[[image]]", *toml_lines(entry), ""]) for entry in entries)


def read(path: str) -> dict[str, Entry]:
    """Name -> entry, in the file's order; nothing where there is no such file."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    return {entry["name"]: entry for entry in tomllib.loads(text).get("image", [])}


def entry(config: str, name: str) -> str:
    found = read(config)
    if name not in found:
        raise SystemExit(f"catalogue: {config} has no image named {name}")
    return written([found[name]])


def add(config: str, built: str, name: str, *facts: str) -> str:
    entry(config, name)  # refuses what nobody described
    decided, there = read(config), read(built)
    version, digest, size, unpacked = facts
    there[name] = decided[name] | {
        "version": version,
        "sha256": digest,
        "size_bytes": int(size),
        "unpacked_bytes": int(unpacked),
    }
    return written(there[one] for one in decided if one in there)


def select(built: str, *names: str) -> str:
    there = read(built)
    missing = [name for name in names if name not in there]
    if missing:
        raise SystemExit(f"catalogue: {built} has no image named {', '.join(missing)}")
    return written(there[name] for name in there if name in names)


if __name__ == "__main__":
    command = {"entry": entry, "add": add, "select": select}[sys.argv[1]]
    sys.stdout.write(command(*sys.argv[2:]))
