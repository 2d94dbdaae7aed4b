"""The server's address follows the settings while a session runs: a station may join one."""

from __future__ import annotations

import os
from pathlib import Path

from reprise.bootstrap.command_line import CommandLine
from reprise.bootstrap.config import server_url
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from station_kit.processes import until
from station_kit.shortcuts import in_this_process


def test_the_engine_tells_of_another_server() -> None:
    kit = Kit(laptop(hdd()))
    engine = in_this_process(kit.services, poll_s=0.05)()
    try:
        until(lambda: engine.state.plan is not None, "a plan")
        assert engine.status.server_url == ""
        told: list[str] = []
        engine.watch(lambda: told.append(engine.status.server_url))
        kit.server_url = "https://reprise.example.org"
        until(lambda: "https://reprise.example.org" in told, "the new address")
    finally:
        engine.close()
        engine.wait_end()


def test_it_is_read_anew_only_where_a_file_changed(tmp_path: Path) -> None:
    now = server_url(CommandLine(data=str(tmp_path)))
    assert now() == ""
    file = tmp_path / "reprise.toml"
    file.write_text('[server]\nurl = "https://one.example.org"\n')
    assert now() == "https://one.example.org"
    kept = file.stat()
    file.write_text('[server]\nurl = "https://two.example.org"\n')
    os.utime(file, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    assert now() == "https://one.example.org"  # the same to whoever looks at the folder alone
    os.utime(file)
    assert now() == "https://two.example.org"
    (tmp_path / "session.toml").write_text('[server]\nurl = "https://three.example.org"\n')
    assert now() == "https://three.example.org"
    file.write_text("[server\n")  # garbled: what is left holds
    assert now() == "https://three.example.org"
