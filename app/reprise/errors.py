"""Error roots. Every error says what happened and what the reader can do about it.

The exit code belongs to the error, so that the command line and the tests agree:
0 verified, 2 usage or bad input, 3 refused, 4 failed or unverified, 130 stopped by the operator.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from reprise.i18n import _, again, beside

_logger = logging.getLogger(__name__)

EXIT_OK = 0
EXIT_USAGE = 2
EXIT_REFUSED = 3
EXIT_FAILED = 4
EXIT_STOPPED = 130


class RepriseError(Exception):
    """Root of all errors that a person is meant to read.

    `what` is one sentence; `advice` says who must act and how (may be empty).
    """

    exit_code = EXIT_FAILED

    def __init__(self, what: str, advice: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice

    def __str__(self) -> str:
        """In the language in force: a screen that changes it keeps the error, not its words."""
        return beside(again(self.what), again(self.advice))


class InputError(RepriseError):
    """The caller gave something unusable: a bad option, file, key or setting."""

    exit_code = EXIT_USAGE


class RefusedError(RepriseError):
    """Reprise will not do this, for safety."""

    exit_code = EXIT_REFUSED


class ToolError(RepriseError):
    """An external tool is missing, failed or said something unreadable."""


class DeviceError(RepriseError):
    """A drive did not answer as it should."""


class StorageError(RepriseError):
    """Something could not be stored (a full stick, a read-only folder)."""


class LinkError(RepriseError):
    """The screen and the engine cannot speak to each other."""


class StoppedError(RepriseError):
    """The operator asked to stop."""

    exit_code = EXIT_STOPPED


def program_error(error: Exception) -> str:
    """For a person: this is a fault of ours, and where its traces are."""
    text = _("An error of the program ({error}): it is in the system's log.")
    return text.format(error=f"{type(error).__name__}: {error}".rstrip(": "))


@contextmanager
def foreseen() -> Iterator[None]:
    """For what a screen must outlive: makes a RepriseError of an error of the program, and logs
    it."""
    try:
        yield
    except RepriseError:
        raise
    except Exception as error:
        _logger.exception("an error of the program")
        raise RepriseError(program_error(error)) from error


class Failures:
    """Logs that something fails which is tried again and again: once, not while it only repeats
    itself; with its trace where it is a fault of ours. `what`: what it says before the error."""

    def __init__(self, logger: logging.Logger, what: str = "") -> None:
        self._logger, self._what, self._said = logger, what, ""

    def failed(self, error: Exception) -> None:
        said = f"{self._what}{type(error).__name__}: {error}"
        if said != self._said:
            outside = isinstance(error, RepriseError | OSError)
            self._logger.error("%s", said, exc_info=None if outside else error)
        self._said = said

    def well(self) -> None:
        self._said = ""
