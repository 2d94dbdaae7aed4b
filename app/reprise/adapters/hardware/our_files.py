"""Is this another station's stick, as Windows writes it: the system's files on FAT or exFAT, and
its reports (docs/decisions/0222)? Read as volumes.py reads: nothing is mounted."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, TypeVar

from reprise.adapters.hardware.boot import FAT_KINDS
from reprise.adapters.hardware.volumes import EnoughError, opened
from reprise.domain.pc.hardware import Partition, Reason
from reprise.ports import StopFlag
from reprise.tools.mbr import MBR_BYTES, parse_fat_kind
from reprise.wire.volumes.fat import has_file
from reprise.wire.volumes.reading import Read

_T = TypeVar("_T")
_PATIENCE_S = 10.0
# By which the initramfs knows a copy of ours, whatever its label (9991-reprise.sh).
_SIGN = ("reprise", "image-id")


class SearchResult(NamedTuple):
    """`blind`: why files of ours could have been overlooked; never where some were found."""

    found: bool
    blind: str = ""


def look_for_ours(
    volumes: Iterable[Partition], dev: Path, patience_s: float | None = None
) -> SearchResult:
    """On FAT, exFAT and unknown formats. In a thread, which is left behind
    where the drive does not answer. `dev`: the folder of the nodes."""
    wanted = [volume for volume in volumes if volume.fs_type is None or volume.fs_type in FAT_KINDS]
    look = _in_time(lambda stop, until: _look(wanted, dev, stop, until), patience_s)
    return look or SearchResult(found=False, blind=Reason.TIMED_OUT.because("read"))


def bears_fat(whole: Partition, dev: Path, patience_s: float | None = None) -> bool:
    """Whether the first sector of a drive without partitions says so, which libblkid does not where
    other signs contradict it. False where it cannot be read: nothing starts from it then."""
    return bool(_in_time(lambda stop, until: _named(whole, dev, stop, until), patience_s))


def _named(whole: Partition, dev: Path, stop: StopFlag, until: float) -> bool:
    try:
        with opened(_path(whole, dev), stop, until, whole.size_bytes) as read:
            return parse_fat_kind(read(0, MBR_BYTES)) is not None
    except (ValueError, OSError, EnoughError):
        return False


def _in_time(job: Callable[[StopFlag, float], _T], patience_s: float | None) -> _T | None:
    """None where it took too long: it is told to stop, and not waited for."""
    patience_s = _PATIENCE_S if patience_s is None else patience_s
    box: list[_T] = []
    stop, until = threading.Event(), time.monotonic() + patience_s
    thread = threading.Thread(target=lambda: box.append(job(stop, until)), daemon=True)
    thread.name = "our-files"
    thread.start()
    thread.join(patience_s)
    stop.set()
    return box[0] if box else None


def _path(volume: Partition, dev: Path) -> str:
    return str(dev / Path(volume.node).relative_to("/dev"))


def _look(volumes: Iterable[Partition], dev: Path, stop: StopFlag, until: float) -> SearchResult:
    blind = ""
    for volume in volumes:
        try:
            with opened(_path(volume, dev), stop, until, volume.size_bytes) as read:
                if _holds_ours(volume, read):
                    return SearchResult(found=True)
        except ValueError as error:  # damaged: another one may hold them
            blind = blind or Reason.UNREADABLE.because(f"{volume.node}: {error}")
        except OSError as error:  # the first read error is the last question
            return SearchResult(
                found=False, blind=Reason.UNREADABLE.because(f"{volume.node}: {error}")
            )
        except EnoughError:
            return SearchResult(found=False, blind=Reason.TIMED_OUT.because("read"))
    return SearchResult(found=False, blind=blind)


def _holds_ours(volume: Partition, read: Read) -> bool:
    kind = volume.fs_type or parse_fat_kind(read(0, MBR_BYTES))
    return kind is not None and has_file(read, kind, *_SIGN)
