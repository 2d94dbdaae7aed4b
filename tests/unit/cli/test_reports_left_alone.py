"""What a slip of the fingers must not cost: the signed report, a file of somebody's, the word that
nothing is waiting."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from reprise import codec
from reprise.__main__ import main
from reprise.adapters.delivery.outbox import StoreOutbox
from reprise.adapters.signing.jws import generate_signer
from reprise.adapters.storage import store as store_module
from reprise.adapters.storage.limits import MOST_REPORT_BYTES
from reprise.adapters.storage.store import FolderStore
from reprise.wording.delivery import what_to_do
from station_kit.typed import typed
from unit.domain.pc import samples

ID = "3f0c7b52-9d1e-4b7a-8a59-6f1f0a8f2c11"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    file = tmp_path / "report.jws"
    file.write_bytes(generate_signer().sign(codec.to_json(samples.good_report())))
    return file


def _pdf(report: Path, out: str | Path) -> int:
    return main(["--lang", "en", "report", "pdf", str(report), "-o", str(out)])


def test_a_certificate_never_replaces_its_report(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = report.read_bytes()
    assert _pdf(report, report) == 2
    assert report.read_bytes() == before
    assert "is no PDF: it was left as it is" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["text", "link", "pipe", "folder", "unreadable"])
def test_nor_anything_else_that_is_no_pdf(report: Path, kind: str) -> None:
    out = report.with_name("out.pdf")
    if kind == "text":
        out.write_text("a letter")
    elif kind == "link":  # as /dev/stdout is one
        out.symlink_to("/proc/self/fd/1")
    elif kind == "pipe":
        os.mkfifo(out)
    elif kind == "folder":
        out.mkdir()
    else:
        out.symlink_to(out)  # to itself: whoever runs this, it cannot be opened
    before = out.lstat()
    assert _pdf(report, out) == 2
    after = out.lstat()
    assert (after.st_ino, after.st_mode, after.st_mtime_ns) == (
        before.st_ino,
        before.st_mode,
        before.st_mtime_ns,
    )


@pytest.mark.parametrize(
    ("out", "french", "english"),
    [
        ("link", "« {} » est un lien symbolique", "“{}” is a symbolic link"),
        ("folder", "« {} » est un dossier", "“{}” is a folder"),
        ("/dev/null", "« {} » est un périphérique", "“{}” is a device"),
        ("pipe", "« {} » n'est pas un fichier ordinaire", "“{}” is no ordinary file"),
    ],
)
def test_what_stands_in_the_place_of_the_pdf_is_named(
    report: Path, out: str, french: str, english: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = report.parent
    (folder / "link").symlink_to("older.pdf")
    (folder / "older.pdf").write_bytes(b"%PDF-1.7")
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe")
    place = str(folder / out)
    for language, words in (("fr", french), ("en", english)):
        assert main(["--lang", language, "report", "pdf", str(report), "-o", place]) == 2
        said = typed(capsys.readouterr().err)
        assert said.startswith(f"reprise: {words.format(place)}")
        assert "PDF : il" not in said
    assert (folder / "older.pdf").read_bytes() == b"%PDF-1.7"


@pytest.mark.parametrize("there", [b"", b"%PDF-1.7 of yesterday"])
def test_an_older_certificate_is_replaced(report: Path, there: bytes) -> None:
    out = report.with_name("out.pdf")
    out.write_bytes(there)
    assert _pdf(report, out) == 0
    assert len(out.read_bytes()) > 1000


def test_the_standard_output_is_a_hyphen(
    report: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(report.parent)
    assert _pdf(report, "-") == 0
    said = capfdbinary.readouterr()
    assert said.out.startswith(b"%PDF-")
    assert said.out.rstrip().endswith(b"%%EOF")
    assert b"Erasure certificate" in said.err
    assert not Path("-").exists()


@pytest.mark.parametrize("what", ["show", "pdf"])
def test_what_is_no_report_is_bad_input(
    report: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report.write_bytes(b"%PDF-1.7")
    more = ["-o", str(report.with_name("out.pdf"))] if what == "pdf" else []
    assert main(["--lang", "en", "report", what, str(report), *more]) == 2
    said = capsys.readouterr().err
    assert f"“{report}” is not a signed report" in said
    assert "Give a .jws file" in said


@pytest.mark.parametrize("words", [("status",), ("status", "--json"), ("send",)])
def test_an_outbox_that_cannot_be_read_is_not_empty(
    words: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Both its folders fail, as for whoever may not read them."""
    (tmp_path / "reprise.toml").write_text('[server]\nurl = "http://127.0.0.1:1"\n')
    StoreOutbox(FolderStore(tmp_path)).put(ID, b"a.b.c")
    argv = ["--lang", "en", "--data", str(tmp_path), "--config", str(tmp_path), "outbox", *words]
    assert main(argv) == (4 if words == ("send",) else 0)
    assert ID in capsys.readouterr().out

    def names_in(folder: Path) -> set[str]:
        raise PermissionError(13, os.strerror(13), str(folder))

    monkeypatch.setattr(store_module, "names_in", names_in)
    assert main(argv) == 4
    said = capsys.readouterr()
    assert "cannot be read: access is denied. Run the command as root" in said.err
    if "--json" in words:
        assert "cannot be read" in json.loads(said.out)["problem"]


def test_a_report_that_nobody_can_read_is_said_to_be_that(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever reads “it is sent by itself” gives the stick away."""
    (tmp_path / "reprise.toml").write_text('[server]\nurl = "http://127.0.0.1:1"\n')
    StoreOutbox(FolderStore(tmp_path)).put(ID, b"a.b.c")
    for folder in ("outbox", "reports"):
        os.truncate(tmp_path / folder / f"{ID}.jws", MOST_REPORT_BYTES + 1)
    argv = ["--lang", "en", "--data", str(tmp_path), "--config", str(tmp_path), "outbox", "status"]
    assert main(argv) == 4
    said = capsys.readouterr().out
    assert "cannot be read, or is too large" in said
    assert "the server said" not in said
    (item,) = StoreOutbox(FolderStore(tmp_path)).items()
    advice = what_to_do(item.detail, item.reason, item.about)
    assert "Keep this stick" in advice
    assert "by itself" not in advice
