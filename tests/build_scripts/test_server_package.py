"""The central server's package, unpacked and run from where it lies: it brings all that it needs.
tests/vm/test_server_package.py installs it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from server import kit
from server.kit import enrolled, fresh, serving, signed
from station_kit.building import server_package
from station_kit.places import TOP

pytestmark = pytest.mark.whole
HOME = "usr/lib/reprise-server"
_FROM_AMAZON = """
import boto3
known = dict(region_name="x", aws_access_key_id="x", aws_secret_access_key="x")
for name in ("s3", "sts", "sso", "sso-oidc", "signin"):
    boto3.client(name, endpoint_url="http://127.0.0.1:1", **known)
"""


@pytest.fixture(scope="module")
def package(pytestconfig: pytest.Config) -> Path:
    return server_package(pytestconfig)


@pytest.fixture(scope="module")
def unpacked(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
    return folder


def _python(unpacked: Path, code: str) -> str:
    argv = [str(unpacked / HOME / "bin/python3"), "-I", "-c", code]
    return subprocess.run(argv, check=True, capture_output=True, text=True, cwd="/").stdout


def test_it_serves_from_where_it_lies(
    unpacked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = str(unpacked / HOME / "bin/python3")
    monkeypatch.setattr(kit, "REPRISE", (python, "-I", "-m", "reprise", "--lang", "en"))
    database, report = tmp_path / "reprise.db", fresh(serial="PACKED")
    station = enrolled(database, tmp_path / "stick")
    with serving(database, config=unpacked / "etc/reprise") as server:
        jws = signed(station, report)
        assert server.put(report.report_id, jws).status_code == 201
        assert server.get(f"/api/v1/reports/{report.report_id}").content == jws
        assert server.get("/healthz").json() == {"status": "ok"}
        loaded = Path(f"/proc/{server.front}/maps").read_text()
        ours = {line.split()[-1] for line in loaded.splitlines() if ".cpython-313" in line}
        assert len(ours) > 5
        assert [one for one in ours if "site-packages" in one and str(unpacked) not in one] == []


def test_nothing_of_the_build_host_is_in_it(unpacked: Path) -> None:
    paths = _python(unpacked, "import sys; print(*sys.path, sep='\\n')").split()
    assert [one for one in paths if "packages" in one] == [
        str(unpacked / HOME / "lib/python3.13/site-packages")
    ]
    names = (str(TOP).encode(), str(Path.home()).encode() + b"/")
    told = [
        path
        for path in (unpacked / HOME).rglob("*")
        if path.is_file() and not path.is_symlink() and names[0] in path.read_bytes()
    ]
    assert told == []


def test_the_object_store_is_not_among_what_was_left_out(unpacked: Path) -> None:
    _python(unpacked, _FROM_AMAZON)


def test_all_is_compiled_as_the_service_may_write_nothing_there(unpacked: Path) -> None:
    site = unpacked / HOME / "lib/python3.13/site-packages"
    sources = list(site.rglob("*.py"))
    assert len(sources) > 3000
    lacking = [
        path
        for path in sources
        if not (path.parent / "__pycache__" / f"{path.stem}.cpython-313.pyc").exists()
    ]
    assert lacking == []


def test_every_file_of_ours_is_in_it(unpacked: Path) -> None:
    """Templates, words, letters: what pyproject.toml does not name is in a clone alone."""
    here, there = TOP / "app/reprise", unpacked / HOME / "lib/python3.13/site-packages/reprise"
    git = ["git", "-c", f"safe.directory={TOP}", "-C", str(here), "ls-files"]
    names = subprocess.run(git, check=True, capture_output=True, text=True).stdout.split("\n")
    assert len(names) > 700
    left_out = (".po", "babel.cfg")
    lacking = [n for n in names if n and not n.endswith(left_out) and not (there / n).is_file()]
    assert lacking == []


def test_who_owns_what_and_who_may_write(package: Path) -> None:
    argv = ["dpkg-deb", "-c", str(package)]
    lines = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.splitlines()
    assert len(lines) > 5000
    modes = {line.split()[0] for line in lines}
    assert modes <= {"-rw-r--r--", "-rwxr-xr-x", "drwxr-xr-x", "lrwxrwxrwx"}
    assert {line.split()[1] for line in lines} == {"root/root"}
    assert len({line.split()[3] for line in lines}) == 1, "one day for all of them"


def test_the_unit_gives_the_server_little(unpacked: Path) -> None:
    """By systemd's own measure: 0 is nothing at all, 10 is everything."""
    unit = unpacked / "usr/lib/systemd/system/reprise-server.service"
    argv = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)]
    told = subprocess.run(argv, check=False, capture_output=True, text=True).stdout
    exposure = re.search(r"exposure level for reprise-server.service: ([\d.]+)", told)
    assert exposure is not None, told
    assert float(exposure[1]) < 2.5
