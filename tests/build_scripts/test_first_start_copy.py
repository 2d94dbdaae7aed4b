"""What system/install.sh copies into an image is enough, and its unit is one that systemd takes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import reprise_first_start

SYSTEM = Path(reprise_first_start.__file__).parent / "system"
UNIT = SYSTEM / "reprise-first-start.service"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    (tmp_path / "usr/lib").mkdir(parents=True)
    subprocess.run(
        ["unshare", "--map-root-user", SYSTEM / "install.sh", tmp_path]
        if os.geteuid()
        else [SYSTEM / "install.sh", tmp_path],
        check=True,
        capture_output=True,
    )
    return tmp_path


def test_the_copy_runs_alone(installed: Path) -> None:
    """With Debian's own Python, without this checkout: logic, French, and a page."""
    words = (
        "from reprise_first_start import apply, contract, welcome, wifi; import reprise_common;"
        "print(reprise_common.__file__); print(welcome.page(contract.Contract(), 'fr'))"
    )
    copy = installed / "usr/lib/reprise-first-start"
    done = subprocess.run(
        ["/usr/bin/python3", "-s", "-c", words], cwd="/", capture_output=True, text=True,
        env={"PYTHONPATH": str(copy), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(copy))
    assert "Premiers pas" in done.stdout
    for name in ("ui/style.css", "ui/contrast.css", "welcome.css"):
        assert (copy / "reprise_first_start" / name).is_file()
    assert not list(copy.rglob("*.po"))


def test_it_is_switched_on(installed: Path) -> None:
    wanted = installed / "etc/systemd/system/graphical.target.wants/reprise-first-start.service"
    assert wanted.readlink() == Path("/usr/lib/systemd/system/reprise-first-start.service")
    for script in ("run", "session", "welcome-once"):
        path = installed / "usr/lib/reprise-first-start" / script
        assert path.stat().st_mode & 0o777 == 0o755
        subprocess.run(["sh", "-n", path], check=True)
    entry = (installed / "usr/share/applications/reprise-welcome.desktop").read_text("utf-8")
    assert "/var/lib/reprise/welcome/index.html" in entry


def test_without_translations_it_says_what_to_do(tmp_path: Path) -> None:
    app = tmp_path / "app"
    shutil.copytree(SYSTEM.parent, app / "reprise_first_start")
    for compiled in app.rglob("*.mo"):
        compiled.unlink()
    (tmp_path / "usr/lib").mkdir(parents=True)
    done = subprocess.run(
        [app / "reprise_first_start/system/install.sh", tmp_path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "make venv" in done.stderr


def test_nobody_logs_in_before_it() -> None:
    """A log-in screen and a text console both wait, and a lost file leads to questions."""
    text = UNIT.read_text("utf-8")
    before = re.findall(r"^Before=(.*)$", text, re.MULTILINE)[0].split()
    assert {"display-manager.service", "systemd-user-sessions.service"} <= set(before)
    assert "ConditionPathExists=|/var/lib/reprise/first-start.json" in text
    assert "ConditionDirectoryNotEmpty=|!/home" in text


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is missing")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    text = UNIT.read_text("utf-8").replace("/usr/lib/reprise-first-start/run", "/bin/true")
    unit = tmp_path / UNIT.name
    unit.write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert UNIT.name not in done.stderr, done.stderr
    assert done.returncode == 0
