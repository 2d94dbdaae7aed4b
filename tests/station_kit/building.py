"""What `make test` builds beside the suites: the small light OS, then the image."""

from __future__ import annotations

from pathlib import Path

import pytest

from station_kit.places import TOP
from station_kit.processes import until

BUILD = TOP / "build"
BUILT = BUILD / "lightos"  # the light systems and their images.toml
_WITHIN_S = 2400


def wait_for(name: str) -> None:
    """Until `make` has ended with it: build/NAME.done holds its exit status, build/make-NAME.log
    what it said. Its failure is the test's."""
    done, log = BUILD / f"{name}.done", BUILD / f"make-{name}.log"
    until(lambda: done.exists() and bool(done.read_text()), f"its end: {log}", _WITHIN_S)
    last = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
    assert done.read_text().strip() == "0", f"“make {name}” failed:\n{last}"


def server_package(config: pytest.Config) -> Path:
    """The central server's, of “make server-package”."""
    if config.getoption("--being-built"):
        wait_for("server")
    found = sorted(BUILD.glob("reprise-server_*_amd64.deb"))
    if not found:
        pytest.skip("no build/reprise-server_*.deb: make server-package")
    return found[-1]
