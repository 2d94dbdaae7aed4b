"""What `make check` leaves out says so (`pytest.mark.whole`): nothing else may start what takes
long, or the list of what is left out would rot."""

from __future__ import annotations

import sys

from station_kit.guard import ForbiddenError

# Whoever starts one of these waits seconds for it, and so does whoever waits for `make check`.
_LONG = {
    "serve": "a whole server",
    "initdb": "PostgreSQL",
    "pg_ctl": "PostgreSQL",
    "chromium": "a browser",
    "run-driver": "a browser",  # as Playwright does it
}


def nothing_whole() -> None:
    """From now on, in this process: it runs no test that is marked."""
    sys.addaudithook(_hear)


def _hear(event: str, args: tuple[object, ...]) -> None:
    if event == "subprocess.Popen" and isinstance(args[1], list | tuple):
        for word in args[1]:
            what = _LONG.get(str(word).rpartition("/")[2])
            if what is not None:
                raise ForbiddenError(
                    f"this test starts {what}, which takes long: mark it pytest.mark.whole, so"
                    " that make check leaves it to make test"
                )
