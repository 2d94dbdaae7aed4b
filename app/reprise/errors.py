"""Error roots. Every error says what happened and what the reader can do about it.

The exit code belongs to the error, so that the command line and the tests agree:
0 verified, 2 usage or bad input, 3 refused, 4 failed or unverified, 130 stopped by the operator.
"""

from __future__ import annotations

from reprise.i18n import again, beside

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


class UplinkError(RepriseError):
    """The server could not be reached or did not accept a report."""


class LinkError(RepriseError):
    """The screen and the engine cannot speak to each other."""


class StoppedError(RepriseError):
    """The operator asked to stop."""

    exit_code = EXIT_STOPPED
