"""The funnel runs real processes: nothing here is faked."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from reprise.adapters.pc.command import SystemCommandRunner
from reprise.errors import ToolError
from reprise.i18n import set_language
from reprise.ports import CommandResult
from station_kit.processes import until

pytestmark = pytest.mark.processes


def test_both_streams_and_the_exit_code_are_kept() -> None:
    result = SystemCommandRunner().run(["sh", "-c", "echo out; echo err >&2; exit 3"])
    assert (result.stdout, result.stderr, result.exit_code) == (b"out\n", b"err\n", 3)
    assert not result.timed_out


def test_tools_run_in_the_c_locale_with_no_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "fr")
    monkeypatch.setenv("LC_NUMERIC", "fr_FR.UTF-8")
    result = SystemCommandRunner().run(
        ["sh", "-c", "echo $LC_ALL/$LC_NUMERIC/$LANGUAGE; cat; echo end"], timeout_s=60
    )
    assert result.stdout == b"C//\nend\n"


def test_bytes_given_reach_the_tool() -> None:
    assert SystemCommandRunner().run(["cat"], stdin=b"\x00abc").stdout == b"\x00abc"


def test_words_are_never_read_by_a_shell() -> None:
    assert SystemCommandRunner().run(["echo", "$HOME; ls"]).stdout == b"$HOME; ls\n"


def test_a_time_out_ends_the_whole_group(tmp_path: Path) -> None:
    """The child that outlives its parent holds our pipe: it must go too."""
    mark = tmp_path / "pid"
    script = f"sleep 60 & echo $! > {mark}; echo begun; wait"
    for timeout_s in (0.5, 20.0):  # a slow machine may not even begin in half a second
        started = time.monotonic()
        result = SystemCommandRunner().run(["sh", "-c", script], timeout_s=timeout_s)
        assert result.timed_out
        assert result.exit_code == -signal.SIGKILL
        assert time.monotonic() - started < 50
        if result.stdout:
            break
    assert result.stdout == b"begun\n"
    child = int(mark.read_text())
    until(lambda: not _alive(child), "the end of the child", 20)


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_missing_tool_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    set_language("en")
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr("reprise.adapters.pc.command._SBIN", "/nonexistent")
    with pytest.raises(ToolError, match=r"“smartctl” is missing.*“smartmontools”"):
        SystemCommandRunner().run(["smartctl", "-V"])
    with pytest.raises(ToolError, match=r"missing\.$"):
        SystemCommandRunner().run(["no-such-tool-of-ours"])


def test_a_file_that_is_no_program_is_a_tool_error(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("hello")
    with pytest.raises(ToolError, match="plain"):
        SystemCommandRunner().run([os.fspath(plain)])


def test_every_call_is_seen() -> None:
    seen: list[CommandResult] = []
    SystemCommandRunner(seen.append).run(["true"])
    assert [call.argv for call in seen] == [("true",)]
