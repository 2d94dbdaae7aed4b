"""The one funnel for external commands."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import cast

from reprise.errors import ToolError
from reprise.i18n import _
from reprise.ports import CommandResult
from reprise.system_words import os_reason

# Where an ordinary user's PATH stops short: most of our tools live in sbin.
_SBIN = "/usr/local/sbin:/usr/sbin:/sbin"

# How long a killed process may take to go. One that sits in an uninterruptible read of a dead
# drive cannot be killed at all: we go on without it.
_GRACE_S = 2.0

# How often `watch` looks up.
_WATCH_S = 0.25

# Which package of Debian has a tool that is missing.
_TOOLS = {
    "alsa-utils": "amixer aplay arecord",
    "cryptsetup-bin": "cryptsetup",
    "dmidecode": "dmidecode",
    "dnsmasq-base": "dnsmasq",
    "dosfstools": "fsck.vfat mkfs.vfat",
    "e2fsprogs": "e2fsck mkfs.ext4",
    "fdisk": "sfdisk",
    "gdisk": "sgdisk",
    "gzip": "gzip",
    "hdparm": "hdparm",
    "iproute2": "ip",
    "kbd": "dumpkeys loadkeys",
    "mount": "losetup mount umount",
    "mtools": "mcopy mmd",
    "network-manager": "nmcli",
    "nvme-cli": "nvme",
    "parted": "partprobe",
    "smartmontools": "smartctl",
    "squashfs-tools": "unsquashfs",
    "systemd": "journalctl",
    "tar": "tar",
    "udev": "udevadm",
    "util-linux": "blkid blockdev dmesg findmnt lsblk mkswap",
    "xz-utils": "xz",
    "zstd": "zstd",
}
PACKAGES = {tool: package for package, tools in _TOOLS.items() for tool in tools.split()}


def _environment() -> dict[str, str]:
    """Ours, in the C locale, so that no tool prints a comma where a point is expected."""
    env = {k: v for k, v in os.environ.items() if k != "LANGUAGE" and not k.startswith("LC_")}
    env["LC_ALL"] = "C"
    env["PATH"] = f"{env.get('PATH', '/usr/bin:/bin')}:{_SBIN}"
    return env


def _missing(tool: str) -> ToolError:
    package = PACKAGES.get(Path(tool).name)
    advice = _("Install the Debian package “{package}”.").format(package=package)
    return ToolError(
        _("the program “{tool}” is missing.").format(tool=tool), advice if package else ""
    )


class SystemCommandRunner:
    """ports.CommandRunner on this machine.

    Argument lists only, C locale, stdin closed unless bytes are given, own process group; both
    streams are captured. `on_call` sees every call that was made (also from worker threads), so
    that it can be recorded as evidence.
    """

    def __init__(self, on_call: Callable[[CommandResult], None] | None = None) -> None:
        self._on_call = on_call

    def run(
        self, argv: Sequence[str], timeout_s: float = 30.0, stdin: bytes | None = None
    ) -> CommandResult:
        """Run to the end or to `timeout_s`; then the whole process group is killed and
        `timed_out` is set. Raises ToolError only where the tool cannot be started."""
        started = time.monotonic()
        process = start_program(argv, has_input=stdin is not None)
        try:
            out, err, timed_out = _collect(process, stdin, timeout_s)
        finally:
            if process.poll() is None:
                _kill_group(process)
        return self._finished(process, out, err, started, timed_out=timed_out)

    def watch(self, argv: Sequence[str], timeout_s: float) -> Generator[None, None, CommandResult]:
        """As `run`, for a long command: yields about four times a second while it runs, so that
        the caller can show how far it is. Closing the generator kills the command."""
        started = time.monotonic()
        process = start_program(argv, has_input=False)
        timed_out = False
        try:
            while True:
                try:
                    out, err = process.communicate(timeout=_WATCH_S)
                    break
                except subprocess.TimeoutExpired:
                    yield
                if time.monotonic() - started > timeout_s:
                    _kill_group(process)
                    out, err, timed_out = *_last_words(process), True
                    break
        finally:
            if process.poll() is None:
                _kill_group(process)
                _last_words(process)
        return self._finished(process, out, err, started, timed_out=timed_out)

    @contextlib.contextmanager
    def piped(self, argv: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
        """A filter at work: the caller feeds its stdin, reads its stdout and looks at its exit
        code. It is killed on leaving where it still runs; it must be one that says little on
        stderr. Raises ToolError where it cannot be started."""
        process = start_program(argv, has_input=True)
        try:
            yield process
        finally:
            if process.poll() is None:
                _kill_group(process)
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    with contextlib.suppress(OSError):  # what was not fed any more
                        stream.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_GRACE_S)

    def _finished(
        self,
        process: subprocess.Popen[bytes],
        out: bytes,
        err: bytes,
        started: float,
        *,
        timed_out: bool,
    ) -> CommandResult:
        code = process.returncode
        result = CommandResult(
            argv=tuple(str(word) for word in cast("Sequence[str]", process.args)),
            exit_code=-signal.SIGKILL if code is None else code,
            stdout=out,
            stderr=err,
            duration_s=time.monotonic() - started,
            timed_out=timed_out,
        )
        if self._on_call is not None:
            self._on_call(result)
        return result


def start_program(argv: Sequence[str], *, has_input: bool = False) -> subprocess.Popen[bytes]:
    """For one that runs beside us: who starts it ends it. Raises ToolError."""
    env = _environment()
    try:
        return subprocess.Popen(
            list(argv),
            stdin=subprocess.PIPE if has_input else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=env,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise _missing(argv[0]) from error
    except OSError as error:
        raise ToolError(
            _("the program “{tool}” cannot be started: {reason}.").format(
                tool=argv[0], reason=os_reason(error)
            )
        ) from error


def _collect(
    process: subprocess.Popen[bytes], stdin: bytes | None, timeout_s: float
) -> tuple[bytes, bytes, bool]:
    try:
        out, err = process.communicate(stdin, timeout=timeout_s)
    except subprocess.TimeoutExpired:
        _kill_group(process)
    else:
        return out, err, False
    return *_last_words(process), True


def _last_words(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """What a killed command had written, waiting for its end no longer than the grace."""
    try:
        return process.communicate(timeout=_GRACE_S)
    except subprocess.TimeoutExpired as late:
        return late.stdout or b"", late.stderr or b""


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """End the command and every child it left. Only for a leader not yet waited for: its number
    cannot have gone to another process then."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
