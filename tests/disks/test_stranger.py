"""What the station tells of an overwrite, anybody can check with coreutils and OpenSSL alone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from disks.erase_command import SIZE, Bench
from disks.rig import payload_of
from reprise.codec import from_builtins
from reprise.documents.certificate import certificate_pdf
from reprise.domain.report.report import Report
from reprise.tools.proc import has_aes


def printed(report: Report, folder: Path) -> str:
    """As it is copied from the page."""
    pdf = folder / "certificate.pdf"
    pdf.write_bytes(certificate_pdf(report, lang="fr", proof=None))
    argv = ["pdftotext", str(pdf), "-"]
    text = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    begins = text.index("head -c")
    return text[begins : text.index("/dev/sdX", begins)] + "/dev/sdX"


# What OpenSSL is told not to use (OPENSSL_ia32cap(3)), whatever processor this is: AES-NI and
# PCLMULQDQ, then SSSE3 too. An empty value would take everything away.
@pytest.mark.parametrize(
    ("without", "stream"),
    [
        ("~0x200000200000000", "chacha20"),
        ("~0x200020200000000", "chacha20"),
        ("", "aes-256-ctr" if has_aes(Path("/proc/cpuinfo").read_text()) else "chacha20"),
    ],
)
def test_a_stranger_checks_the_drive_by_the_line_on_the_certificate(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, without: str, stream: str
) -> None:
    if without:
        monkeypatch.setenv("OPENSSL_ia32cap", without)
    done = bench.erase("--report-dir", str(bench.reports))
    monkeypatch.delenv("OPENSSL_ia32cap", raising=False)
    assert done.returncode == 0, done.stderr
    (jws,) = bench.reports.glob("*.jws")
    report = from_builtins(payload_of(jws), Report)
    assert [a.stream for d in report.drives for a in d.attempts] == [stream]
    line = printed(report, tmp_path).replace("/dev/sdX", bench.node)
    checked = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", ""), line
    with bench.file.open("r+b") as raw:
        raw.seek(SIZE - 1)
        last = raw.read(1)
        raw.seek(SIZE - 1)
        raw.write(bytes([last[0] ^ 1]))
    checked = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert checked.returncode == 1, "cmp tells a difference"
