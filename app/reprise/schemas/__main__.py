"""python -m reprise.schemas: write the schema files again (for developers)."""

from __future__ import annotations

from pathlib import Path

from reprise.schemas import rendered

if __name__ == "__main__":
    for name, data in rendered().items():
        (Path(__file__).parent / name).write_bytes(data)
