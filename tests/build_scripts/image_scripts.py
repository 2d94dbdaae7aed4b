"""Runs the image's own shell scripts, with another root and stand-ins for its commands."""

from __future__ import annotations

import subprocess
from pathlib import Path

from station_kit.places import TOP

ROOT = TOP / "live-build/station/includes.chroot"
_QUIET = "systemctl() { :; };"


def runs(script: str, tmp_path: Path, line: str, *argv: str, stand_ins: str = "") -> str:
    """What a script of /usr/lib/reprise says."""
    stand_ins = f"{_QUIET} {stand_ins}"
    text = (ROOT / "usr/lib/reprise" / script).read_text()
    (tmp_path / "proc").mkdir(exist_ok=True)
    (tmp_path / "proc/cmdline").write_text(f"boot=live {line}\n")
    for path in ("/proc/", "/run/", "/sys/", "/usr/"):
        text = text.replace(path, f"{tmp_path}{path}")
    done = subprocess.run(
        ["/bin/sh", "-c", f"{stand_ins}\n{text}", script, *argv],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip().replace(str(tmp_path), "")
