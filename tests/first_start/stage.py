"""The real wizard on a screen of its own (Xvfb), played by key presses (xdotool)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from first_start import scratch

PICTURES = scratch.ROOT / "build" / "first-start"
CONFIG = scratch.APP / "reprise_first_start" / "system" / "openbox.xml"
_GI = "import gi; gi.require_version('Gtk', '3.0'); from gi.repository import Gtk, Atk"
_PATIENCE_S = 60.0
CONTRACT: dict[str, Any] = {
    "format": 1, "language": "fr", "keyboard": "fr", "timezone": "Europe/Paris",
    "organisation": "Cyber-base de la Vallée", "installed_on": "2026-11-25",
    "image": {"name": "Debian léger", "version": "13", "licence": "GPL"},
    "computer": {"vendor": "LENOVO", "model": "ThinkPad X230", "serial": "R9-XYZ12"},
    "certificate_url": "https://reprise.exemple.fr/certificat/0123456789abcdef0123456789abcdef",
    "report_id": "0123456789abcdef0123456789abcdef", "some_day": ["new"],
    "help_text": "Atelier chaque jeudi à 14 h, 12 rue des Écoles.\nGratuit & sans <rendez-vous>.",
}  # fmt: skip


def missing() -> str:
    """Why this cannot run here; "" where it can."""
    tools = ("Xvfb", "xdotool", "openbox", "dbus-run-session", "setxkbmap", "xset", "import")
    lacking = [tool for tool in tools if shutil.which(tool) is None]
    if lacking:
        return f"missing: {', '.join(lacking)} (make deps)"
    found = subprocess.run([scratch.PYTHON, "-c", _GI], capture_output=True, check=False)
    return scratch.missing() if found.returncode == 0 else "GTK 3 for Python is missing (make deps)"


class Stage:
    """`reach`: a command before each of xdotool's, where the screen is in another namespace."""

    def __init__(
        self,
        display: str,
        log: Path,
        wizard: subprocess.Popen[bytes],
        name: str,
        reach: tuple[str, ...] = (),
    ) -> None:
        self.display, self.wizard, self._reach = display, wizard, reach
        self._log, self._name, self._seen, self._shots = log, name, 0, 0
        self._active = False

    def keys(self, *names: str) -> None:
        """By xdotool's names; "text:…" is typed."""
        if not self._active:
            self._wait_until_active()
        for one in names:
            typed = one.removeprefix("text:")
            how = ["type", "--delay", "12", typed] if typed != one else ["key", one]
            self._x(["xdotool", *how])
            time.sleep(0.08)

    def _wait_until_active(self) -> None:
        """The first key is lost where openbox has not given the window the keyboard yet."""
        until = time.monotonic() + _PATIENCE_S
        while int(self._x(["sh", "-c", "xdotool getactivewindow || echo 0"])) == 0:
            assert time.monotonic() < until, "no window is active"
            time.sleep(0.05)
        self._active = True

    def page(self, name: str, patience_s: float = _PATIENCE_S) -> None:
        self.hears(f"page {name}", patience_s)

    def to_summary(self, name: str) -> None:
        """From the first page, with what is proposed, this name and a password that does."""
        self.page("start")
        for page in ("keyboard", "place", "name"):
            self.keys("Return")
            self.page(page)
        self.keys(f"text:{name}", "Return")
        self.page("password")
        self.keys("text:bateau lune rapide", "Tab", "text:bateau lune rapide", "Return")
        self.page("summary")

    def told(self, what: str) -> None:
        """A complaint, in the words that the screen shows."""
        self.hears(f"told: {what}")

    def hears(self, said: str, patience_s: float = _PATIENCE_S) -> None:
        """Waits for the journal's next line that says so."""
        wanted = f"first start: {said}"
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            lines = self.lines()
            if wanted in lines[self._seen :]:
                self._seen += lines[self._seen :].index(wanted) + 1
                time.sleep(0.25)  # drawn
                return
            time.sleep(0.05)
        self.picture("stuck")
        raise AssertionError(f"no {wanted!r} after: {lines[-15:]}")

    def lines(self) -> list[str]:
        return self._log.read_text("utf-8", "replace").splitlines()

    def picture(self, what: str) -> Path:
        """For people: build/first-start/NAME-NN-WHAT.png"""
        self._shots += 1
        path = PICTURES / f"{self._name}-{self._shots:02}-{what}.png"
        self._x(["import", "-window", "root", str(path)])
        return path

    def loads(self, layout: str, patience_s: float = _PATIENCE_S) -> None:
        """Waits until X has loaded it: "fr", "fr(oss)"."""
        until = time.monotonic() + patience_s
        while (now := self._layout()) != layout:
            assert time.monotonic() < until, f"{now}, not {layout}"
            time.sleep(0.05)

    def _layout(self) -> str:
        rows = dict(
            line.split(":", 1) for line in self._x(["setxkbmap", "-query"]).splitlines() if line
        )
        variant = rows.get("variant", "").strip()
        return rows["layout"].strip() + (f"({variant})" if variant else "")

    def _x(self, argv: list[str]) -> str:
        environment = {**os.environ, "DISPLAY": self.display}
        done = subprocess.run(
            [*self._reach, *argv],
            env=environment,
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
        return done.stdout


@contextmanager
def play(
    system: scratch.Scratch, folder: Path, size: str, name: str, *, wifi: bool = False
) -> Iterator[Stage]:
    """`size`: "1024x600". The wizard in `system`; all of it is gone at the end."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for old in PICTURES.glob(f"{name}-*.png"):
        old.unlink()
    read, write = os.pipe()
    x_argv = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    x = subprocess.Popen(x_argv, pass_fds=(write,), stderr=subprocess.DEVNULL)
    os.close(write)
    log = folder / "wizard.log"
    wizard: subprocess.Popen[bytes] | None = None
    try:
        with os.fdopen(read) as told:
            display = f":{told.readline().strip()}"
        # On a busy machine a key could seem to be held down.
        subprocess.run(["xset", "-display", display, "r", "off"], check=True)
        more = {"DISPLAY": display, "HOME": str(folder), "WIFI_SAYS": str(folder)}
        here = str(Path(__file__).parent)
        more["PATH"] = f"{here}:{os.environ['PATH']}" if wifi else _without_nmcli(folder)
        openbox = f'openbox --config-file {CONFIG} & exec "$@"'
        argv = ["dbus-run-session", "--", "sh", "-c", openbox, "sh",
                *scratch.module("--root", str(system.merged))]  # fmt: skip
        with log.open("wb") as out:
            wizard = subprocess.Popen(
                system.argv(argv), env=system.environment(**more), stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip
        yield Stage(display, log, wizard, name)
    finally:
        for process in (wizard, x):
            if process is not None and process.poll() is None:
                process.kill()  # what runs in the wizard's namespace goes with it
                process.wait(10)


def _without_nmcli(folder: Path) -> str:
    """A PATH where nmcli answers nothing: this machine's network is not asked about."""
    path = folder / "bin" / "nmcli"
    path.parent.mkdir(exist_ok=True)
    path.write_text("#!/bin/sh\nexit 8\n", encoding="utf-8")
    path.chmod(0o755)
    return f"{path.parent}:{os.environ['PATH']}"


def contract_text(**other: Any) -> str:
    return json.dumps({**CONTRACT, **other}, ensure_ascii=False)
