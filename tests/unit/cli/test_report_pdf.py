"""reprise report pdf: a certificate where the signature is good, one clear line otherwise."""

from pathlib import Path

import pytest

from reprise import codec
from reprise.__main__ import main
from reprise.adapters.signing.jws import generate_signer
from unit.domain.pc import samples


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    signer = generate_signer()
    (tmp_path / "report.jws").write_bytes(signer.sign(codec.to_json(samples.good_report())))
    (tmp_path / "station.pub.pem").write_bytes(signer.public_pem())
    (tmp_path / "other.pub.pem").write_bytes(generate_signer().public_pem())
    return tmp_path


def _run(folder: Path, *words: str, source: str = "report.jws", out: str = "out.pdf") -> int:
    line = ["--lang", "en", "report", "pdf", str(folder / source), "-o", str(folder / out)]
    return main([*line, *words])


def test_a_checked_report_gives_its_certificate(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(folder, "--key", str(folder / "station.pub.pem")) == 0
    assert (folder / "out.pdf").read_bytes().startswith(b"%PDF-")
    told = capsys.readouterr()
    assert (told.out, told.err) == ("Erasure certificate\n", "")


def test_without_a_key_it_says_that_nothing_was_checked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(folder) == 0
    assert capsys.readouterr().err.startswith("reprise: the signature was not checked")
    unchecked = (folder / "out.pdf").read_bytes()
    assert _run(folder, "--key", str(folder / "station.pub.pem")) == 0
    assert (folder / "out.pdf").read_bytes() != unchecked


def test_the_language_may_stand_after_the_command(folder: Path) -> None:
    assert _run(folder, "--lang", "fr") == 0
    french = (folder / "out.pdf").read_bytes()
    assert b"fr-FR" in french
    assert _run(folder) == 0
    assert b"fr-FR" not in (folder / "out.pdf").read_bytes()


def test_a_changed_byte_or_another_key_gives_no_pdf(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    jws = (folder / "report.jws").read_bytes()
    middle = len(jws) // 2
    other = b"A" if jws[middle : middle + 1] != b"A" else b"B"
    (folder / "changed.jws").write_bytes(jws[:middle] + other + jws[middle + 1 :])
    key = str(folder / "station.pub.pem")
    assert _run(folder, "--key", key, source="changed.jws") == 4
    assert "bad signature" in capsys.readouterr().err
    assert _run(folder, "--key", str(folder / "other.pub.pem")) == 4
    assert "wrong key" in capsys.readouterr().err
    assert not (folder / "out.pdf").exists()


@pytest.mark.parametrize(
    ("source", "out", "code"),
    [
        ("absent.jws", "out.pdf", 2),
        ("station.pub.pem", "out.pdf", 2),
        ("report.jws", "absent/out.pdf", 2),
        ("report.jws", "folder", 2),
    ],
)
def test_bad_input_gets_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], source: str, out: str, code: int
) -> None:
    (folder / "folder").mkdir()
    assert _run(folder, source=source, out=out) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("reprise: ")
    assert told.err.count("\n") == 1
