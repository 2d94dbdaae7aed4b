"""Shared by all suites: the language, and which may run beside which (`make test`, with
pytest-xdist)."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest

from reprise import i18n
from station_kit import whole

# These look at all of the host's loop devices or listen for its drives: one after the other.
_DRIVES = ("tests/disks/", "tests/first_start/", "tests/netboot/")
_GUESTS = "tests/vm/"
# These read every module: what one has read the others need not read again.
_READERS = (
    "tests/unit/test_architecture",
    "tests/unit/test_no_circles",
    "tests/unit/test_side_effects",
)
# What `make test` builds last, too (the server's package and image).
_PACKED = ("tests/build_scripts/test_server_package", "tests/build_scripts/test_server_image")
# Half a minute each, of work or of waiting: begun last, one of them would run on alone.
_HALF_MINUTE = (
    *("test_foreign", "test_no_way_to_verified_ata", "test_light_build", "test_origins"),
    *("test_hostile_server", "test_linear_alone", "test_linear_off", "test_stick_beside_sending"),
)
# Minutes each. The longest first, so that both processors end at about the same time.
_LONG = (
    "test_first_pc",
    "test_lab",
    "test_by_ear",
    "test_encrypted",
    "test_unattended",
    "test_two_images",
    "test_windows_sticks",
    "test_netboot",
    "test_live_image",
    "test_server_package",  # what it installs is built last
)

_LINES = 6  # of a failure's reason, where it is named at once


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """It is the process's: each test starts and ends in French, whatever ran before it."""
    i18n.set_language("fr")
    yield
    i18n.set_language("fr")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--desktop",
        action="store_true",
        help="also install and boot the desktop (minutes; `make test-desktop`)",
    )
    parser.addoption(
        "--renew-snapshots",
        action="store_true",
        help="write what screens and papers show now over what was kept (`make snapshots`)",
    )
    parser.addoption(
        "--being-built",
        action="store_true",
        help="what needs the light OS or the image waits for build/*.done (`make test`)",
    )


def _turn(item: pytest.Item) -> tuple[int, int]:
    """The drives' suites take longest of all that need no image; guests and packages wait for what
    is built."""
    path = item.nodeid.partition("::")[0]
    name = path.rpartition("/")[2].removesuffix(".py")
    if not path.startswith((_GUESTS, *_PACKED)):
        return (0 if path.startswith(_DRIVES) else 1), (0 if name in _HALF_MINUTE else 1)
    return 2, _LONG.index(name) if name in _LONG else len(_LONG)


class _AsItFails:
    """Names what failed at once: a run that is cut has said it before its summary."""

    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self._terminal = terminal

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.failed:
            return
        self._terminal.ensure_newline()
        why = [line for line in report.longreprtext.splitlines() if line.startswith("E  ")]
        self._terminal.write_line(f"{report.outcome} ({report.when}): {report.nodeid}", red=True)
        for line in why[:_LINES]:
            self._terminal.write_line(f"    {line}")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_AsItFails(terminal))
    if config.getoption("markexpr") == "not whole":
        whole.nothing_whole()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Ten thousand tests stay to the end: the garbage collector need not look at them each time
    (a tenth of all processor time, and two seconds of each process as it ends)."""
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from xdist.scheduler import LoadScopeScheduling

    class BySuite(LoadScopeScheduling):  # type: ignore[misc]  # xdist tells no types
        """A file stays in one process, as its fixtures do; so do all suites of `_DRIVES`, and
        `_READERS`.

        (xdist's own groups are not heeded under this pytest.)"""

        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.partition("::")[0]
            if path.startswith(_READERS):
                return "readers"
            return "drives" if path.startswith(_DRIVES) else path

    return BySuite(config, log)
