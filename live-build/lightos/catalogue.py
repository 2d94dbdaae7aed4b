"""Writes the catalogue that goes on the stick: what config/images.toml says of the image, plus
what only the build knows (version, digest, sizes). Standard library only: it runs before any
virtual environment exists.

usage: catalogue.py CONFIG NAME VERSION SHA256 SIZE_BYTES UNPACKED_BYTES
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any


def toml_lines(table: dict[str, Any]) -> list[str]:
    """One table of scalars and of one level of string tables. JSON's strings are TOML's."""
    lines = []
    for key, value in table.items():
        if isinstance(value, dict):
            inner = (f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in value.items())
            lines.append(f"{key} = {{ {', '.join(inner)} }}")
        else:
            lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    return lines


def main(argv: list[str]) -> str:
    config, name, version, digest, size, unpacked = argv
    images = tomllib.loads(Path(config).read_text(encoding="utf-8"))["image"]
    entry = next((image for image in images if image["name"] == name), None)
    if entry is None:
        raise SystemExit(f"catalogue: {config} has no image named {name}")
    measured = {
        "version": version,
        "sha256": digest,
        "size_bytes": int(size),
        "unpacked_bytes": int(unpacked),
    }
    return "\n".join(["[[image]]", *toml_lines(entry | measured), ""])


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]))
