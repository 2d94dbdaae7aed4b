"""What a person gives `reprise images add`, however garbled, is told in one line."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from reprise.__main__ import main
from reprise.adapters.install import packed
from reprise.adapters.install.compare import compare_squashfs
from reprise.adapters.pc.command import SystemCommandRunner
from reprise.tools.squashfs_pseudo import DATA_MARK

pytestmark = pytest.mark.processes

NINES = "9" * 400
# It closes its output, so that all was read, and stays.
STAYS = "exec >&-; sleep 60"


def _add(file: Path, *words: str) -> int:
    argv = ["--lang", "en", "images", "add", str(file), "--name", "own", "--licence", "none"]
    return main([*argv, "--to", str(file.parent / "os"), "--min-memory", "1Gi", *words])


def _told(capsys: pytest.CaptureFixture[str], word: str) -> None:
    (line,) = [one for one in capsys.readouterr().err.splitlines() if one.startswith("reprise: ")]
    assert word in line


@pytest.mark.parametrize(
    "garbled",
    [
        {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "7"},
        {"GNU.sparse.size": "much"},
        {"GNU.sparse.map": "0,x", "GNU.sparse.size": "7"},
    ],
    ids=["table", "size", "map"],
)
def test_a_garbled_sparse_file_in_a_tar_is_damage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], garbled: dict[str, str]
) -> None:
    file = tmp_path / "own.tar"
    with tarfile.open(file, "w", format=tarfile.PAX_FORMAT) as archive:
        entry = tarfile.TarInfo("srv/sparse")
        entry.size, entry.pax_headers = 512, garbled
        archive.addfile(entry, io.BytesIO(b"no number\n" + bytes(502)))
    assert _add(file) == 2
    _told(capsys, "cut off or damaged")


@pytest.mark.parametrize("size", [NINES, f"{NINES}G", f"1.{NINES}G"])
def test_a_size_beyond_all_measure_is_no_size(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], size: str
) -> None:
    (tmp_path / "own.tar").write_bytes(b"x")
    assert _add(tmp_path / "own.tar", "--min-drive", size) == 2
    _told(capsys, "is not a size")


def test_a_program_that_unpacks_and_does_not_end_is_told_as_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "_END_S", 0.2)
    runner = SystemCommandRunner()
    mark = "".join(f"\\{byte:03o}" for byte in DATA_MARK)
    argv = ["sh", "-c", f"printf '{mark}'; {STAYS}"]
    with pytest.raises(packed.DamagedError, match="does not end"):
        list(compare_squashfs(argv, tmp_path, runner))

    file = tmp_path / "own.gz"
    file.write_bytes(b"\x1f\x8b\x08" + bytes(100))
    argv = ["sh", "-c", f"cat >/dev/null; {STAYS}"]
    monkeypatch.setattr(packed, "argv_unpack", lambda _packing: argv)
    with (
        packed.open_packed(file, runner) as opened,
        pytest.raises(packed.DamagedError, match="does not end"),
    ):
        opened.read(10)
