"""Where settings are read that no --config names."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reprise.adapters.storage import config_files
from station_kit.places import TOP

_TOLD = "from reprise.bootstrap import config as c; print(c.server_settings(None, {}).page_size)"


@pytest.mark.parametrize("name", ["server.toml", "policy.toml", "station.toml"])
def test_a_checkout_reads_its_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(config_files, "SHIPPED", tmp_path / "none")
    folder = config_files.config_dir(None)
    assert folder == TOP / "config"
    assert (folder / name).is_file()


@pytest.mark.processes
@pytest.mark.skipif(config_files.SHIPPED.is_dir(), reason="an installed Reprise's folder wins")
def test_a_setting_that_is_changed_there_has_effect(tmp_path: Path) -> None:
    """In a copy of the tree."""
    shutil.copytree(TOP / "app", tmp_path / "app", ignore=shutil.ignore_patterns("static", "*.mo"))
    shutil.copytree(TOP / "config", tmp_path / "config")
    file = tmp_path / "config" / "server.toml"
    file.write_text(file.read_text().replace("page_size = 50", "page_size = 7"))
    env = {**os.environ, "PYTHONPATH": str(tmp_path / "app")}
    argv = [sys.executable, "-P", "-c", _TOLD]
    assert subprocess.check_output(argv, env=env, cwd=tmp_path, text=True) == "7\n"
