"""The system's log and the shell: what is run, what is kept, and what the report says of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from reprise.adapters.shell import ConsoleShell
from reprise.adapters.system_log import SystemLog
from reprise.domain.events import InventoryTaken, SessionStarted, ShellUsed, Stamped
from reprise.domain.fold import fold
from reprise.errors import InputError, StorageError, ToolError
from reprise.ports import CommandResult
from unit.drives import pc


class Tool:
    def __init__(self, code: int = 0, out: bytes = b"", err: bytes = b"") -> None:
        self.code, self.out, self.err, self.calls = code, out, err, []

    def run(
        self, argv: Sequence[str], timeout_s: float = 30.0, stdin: bytes | None = None
    ) -> CommandResult:
        self.calls.append((tuple(argv), timeout_s))
        return CommandResult(tuple(argv), self.code, self.out, self.err, 0.1)


def test_the_log_is_read_and_copied_whole(tmp_path: Path) -> None:
    tool = Tool(out="é\nb\n".encode())
    log = SystemLog(tool, lambda: tmp_path)
    assert log.tail() == ("é", "b")
    assert log.copy("session") == "logs/session.log"
    assert (tmp_path / "logs/session.log").read_bytes() == tool.out
    shown, kept = (argv for argv, _time in tool.calls)
    assert any(word.startswith("--lines=") for word in shown)
    assert not any(word.startswith("--lines=") for word in kept)
    assert "--boot" in kept


@pytest.mark.parametrize("name", ["../x", "a/../../x", ""])
def test_a_copy_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    root = tmp_path / "stick"
    root.mkdir()
    if name:
        with pytest.raises(InputError):
            SystemLog(Tool(), lambda: root).copy(name)
    else:
        assert SystemLog(Tool(), lambda: root).copy(name) == "logs/.log"
    assert [p.name for p in tmp_path.iterdir()] == ["stick"]


def test_without_a_stick_or_a_log_it_says_why(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        SystemLog(Tool(), lambda: None).copy("x")
    (tmp_path / "logs").write_text("in the way")
    with pytest.raises(StorageError):
        SystemLog(Tool(), lambda: tmp_path).copy("x")
    with pytest.raises(ToolError, match="No journal files"):
        SystemLog(Tool(1, err=b"No journal files were found.\n"), lambda: tmp_path).tail()


def test_the_shell_has_a_console_of_its_own_and_time() -> None:
    tool = Tool(code=130)  # a shell ends with the code of its last command
    ConsoleShell(tool, lambda: True).open()
    ((argv, timeout_s),) = tool.calls
    assert argv[:4] == ("openvt", "--switch", "--wait", "--")
    assert timeout_s > 24 * 3600


def test_a_shell_that_cannot_be_opened_says_why() -> None:
    with pytest.raises(ToolError, match="Couldn't find a free vt"):
        ConsoleShell(Tool(5, err=b"openvt: Couldn't find a free vt\n"), lambda: True).open()
    elsewhere = Tool()
    with pytest.raises(ToolError):
        ConsoleShell(elsewhere, lambda: False).open()
    assert elsewhere.calls == []


@pytest.mark.parametrize(
    ("used", "closed"),
    [((), ()), ((True,), (False,)), ((True, False), (True,)), ((True, False, True), (True, False))],
)
def test_the_report_says_when_a_shell_was_open(
    used: tuple[bool, ...], closed: tuple[bool, ...]
) -> None:
    start = SessionStarted("s", "r", "bench", "kid", "0.1", "image", False, "rtc")
    events = [start, InventoryTaken(pc()), *(ShellUsed(opened) for opened in used)]
    stamped = [Stamped(n, f"2026-01-01T00:00:{n:02}Z", n, event) for n, event in enumerate(events)]
    found = fold(stamped).shells
    assert tuple(shell.closed_at is not None for shell in found) == closed
