"""Backups as the commands make them, and as somebody else would."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import subprocess
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

from reprise.server.database import close_database
from reprise.server.opening import open_database
from server.kit import enrolled, fresh, own_data, reprise, signed
from server.taking import take_report


def one_report(place: Path) -> Path:
    """A database in `place` with one report, and a data folder beside it."""
    database = place / "here" / "reprise.db"
    station = enrolled(database, place / "stick")
    report = fresh()
    open_database(str(database))
    take_report(report.report_id, signed(station, report))
    close_database()
    photo = database.parent / "reprise-data" / "photos" / "ab" / "abc"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"light" * 1000)
    return database


def backed_up(database: Path | str, box: Path, *config: str) -> subprocess.CompletedProcess[str]:
    settings = config or own_data(box.parent, database)
    return reprise(*settings, "server", "backup", str(box), "--database", str(database))


def restored(box: Path, there: Path | str, *config: str) -> subprocess.CompletedProcess[str]:
    settings = config or own_data(box.parent / "restored there", there)
    return reprise(*settings, "server", "restore", str(box), "--database", str(there))


def keeping_data_in(folder: Path) -> Path:
    """A folder of settings: a PostgreSQL has no folder of its own for data."""
    settings = folder.with_name(f"{folder.name}-settings")
    settings.mkdir()
    (settings / "server.toml").write_text(f'data = "{folder}"\n')
    return settings


def refuses(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """How far it came, then one clear line, and this exit code."""
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("reprise: ")
    for word in words:
        assert word in last


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def files(box: Path) -> dict[str, bytes]:
    with tarfile.open(box, "r:") as tar:
        return {one.name: tar.extractfile(one).read() for one in tar}  # type: ignore[union-attr]


def packed(path: Path, what: dict[str, bytes], **changes: Any) -> Path:
    """A box with these files, under a manifest that is true of them but for `changes`."""
    every = {name: data for name, data in what.items() if name != "manifest.json"}
    kept = [
        {"name": name, "size_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in every.items()
    ]
    manifest = {**json.loads(what["manifest.json"]), "files": kept, **changes}
    every["manifest.json"] = json.dumps(manifest).encode()
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in every.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def changed(what: dict[str, bytes], place: Path, line: str) -> dict[str, bytes]:
    """The files of a backup, with a line of SQL run on the database in it."""
    copy = place / "changed.db"
    copy.write_bytes(what["database.sqlite"])
    with closing(sqlite3.connect(copy)) as raw, raw:
        raw.execute(line)
    return {**what, "database.sqlite": copy.read_bytes()}
