"""The lock of the central server's package: what was tested, and nothing that is missing."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from station_kit.places import TOP

_PINNED = re.compile(r"^([a-z0-9.-]+)==(\S+) \\$")


def _locked(path: Path) -> dict[str, tuple[str, frozenset[str]]]:
    """Version and digests by name."""
    found: dict[str, tuple[str, set[str]]] = {}
    name = ""
    for line in path.read_text().splitlines():
        if pinned := _PINNED.match(line):
            name = pinned[1]
            found[name] = (pinned[2], set())
        elif "--hash=" in line:
            found[name][1].add(line.split("--hash=")[1].removesuffix(" \\"))
    return {name: (version, frozenset(digests)) for name, (version, digests) in found.items()}


def test_the_packages_lock_is_what_is_tested() -> None:
    server, tested = (_locked(TOP / f"requirements-{kind}.lock") for kind in ("server", "dev"))
    assert len(server) > 40
    assert all(digests for _version, digests in server.values())
    assert {name: tested.get(name) for name in server} == server, "make lock"


def test_all_that_the_server_asks_for_is_in_it() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["server"]]
    names = {re.split(r"[\[<>=]", one)[0] for one in wanted}
    assert names - set(_locked(TOP / "requirements-server.lock")) == set(), "make lock"
