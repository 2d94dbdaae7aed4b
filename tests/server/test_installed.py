"""What a service manager, a container and root's own commands find of an installed server."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from reprise.adapters.storage import config_files
from server.kit import reprise, serving


@pytest.mark.whole
def test_systemd_hears_that_it_serves_once_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(10)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        with serving(tmp_path / "reprise.db") as server:
            assert manager.recv(100) == b"READY=1"
            assert server.get("/healthz").status_code == 200


@pytest.mark.skipif(os.geteuid() != 0, reason="root alone gives files to others")
def test_a_database_that_root_makes_is_its_folders_owners(tmp_path: Path) -> None:
    """“reprise enroll”, typed by root before the first start, must not keep the server out."""
    state = tmp_path / "state"
    state.mkdir()
    os.chown(state, 12345, 54321)
    made = state / "reprise.db"
    assert (
        reprise(
            "enroll", "--name", "a", "--out", str(tmp_path / "a"), "--database", str(made)
        ).returncode
        == 0
    )
    owners = {(path.stat().st_uid, path.stat().st_gid) for path in state.iterdir()}
    assert owners == {(12345, 54321)}
    assert made.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "a/station.key.pem").stat().st_uid == 0


def test_a_container_is_told_its_database_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, typed = tmp_path / "told.db", tmp_path / "typed.db"
    monkeypatch.setenv("REPRISE_DATABASE_URL", str(told))
    assert str(told) in reprise("enroll", "--list").stderr
    assert str(typed) in reprise("enroll", "--list", "--database", str(typed)).stderr
    monkeypatch.setenv("REPRISE_DATABASE_URL", "")
    (tmp_path / "server.toml").write_text(f'database = "{typed}"\n')
    assert str(typed) in reprise("--config", str(tmp_path), "enroll", "--list").stderr


def test_settings_are_named_as_whoever_changes_them_finds_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's package links the folder to /etc/reprise."""
    there, linked = tmp_path / "etc", tmp_path / "shipped"
    there.mkdir()
    linked.symlink_to(there)
    monkeypatch.setattr(config_files, "SHIPPED", linked)
    assert config_files.config_dir(None) == there
