"""Looking inside the drives after the plan, for words alone: beside everything else, and over
before anything is erased."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Event, Lock, Semaphore, Thread

from reprise.domain.drives.capabilities import Capabilities
from reprise.domain.drives.remembered_capabilities import told_then
from reprise.domain.drives.volumes import Volume, may_look_inside
from reprise.domain.pc.hardware import Drive
from reprise.ports import VolumeReader
from reprise.workflow.session.drive_view import DriveView
from reprise.workflow.session.recorder import Recorder

_AT_ONCE = 8  # drives
_PATIENCE_S = 2.0  # for reads that are under way; one that hangs is left behind
_DRIVE_S = 20.0  # for whoever waits for the words: more than a reader takes


class Inside:
    """One round after the other; a round that was ended tells nothing any more."""

    def __init__(self, reader: VolumeReader | None, recorder: Recorder) -> None:
        self._reader, self._tell = reader, recorder.read_inside
        self._round = _Round(self._tell)

    def begin(self, views: Iterable[DriveView]) -> None:
        """Back at once. Each drive's words come when they are read."""
        self._round.stop.set()
        self._round = _Round(self._tell)
        drives = list(views)
        keys = Counter(view.key for view in drives)
        if self._reader is None:
            return
        for view in drives:
            # two drives of one number could get each other's words: the wrong drive
            if keys[view.key] == 1 and _may(view):
                self._round.look(self._reader, view.key, view.drive)

    def end(self) -> None:
        """Until no drive is held open, but no longer than some seconds."""
        self._round.end()


def _may(view: DriveView) -> bool:
    if view.plan is None or view.left:
        return False
    return may_look_inside(view.drive, told_then(view.plan.capabilities))


def read_now(reader: VolumeReader, drives: Iterable[Drive]) -> Mapping[str, Sequence[Volume]]:
    """By node, for a command that has nothing else to do; a drive that hangs is left behind."""
    round_ = _Round(lambda _found: None)
    for drive in drives:
        if may_look_inside(drive, Capabilities()):
            round_.look(reader, drive.node, drive)
    return round_.end(_DRIVE_S, stop=False)


class _Round:
    """`tell`: hears of all that was found so far, by key."""

    def __init__(self, tell: Callable[[Mapping[str, tuple[Volume, ...]]], None]) -> None:
        self.stop = Event()
        self._tell = tell
        self._room = Semaphore(_AT_ONCE)
        self._lock = Lock()
        self._found: dict[str, tuple[Volume, ...]] = {}
        self._threads: list[Thread] = []

    def look(self, reader: VolumeReader, key: str, drive: Drive) -> None:
        """In a thread that nobody has to wait for."""
        args = (reader, key, drive)
        thread = Thread(target=self._look, args=args, name="inside", daemon=True)
        with self._lock:  # whoever waits meanwhile waits for none that was not started
            thread.start()
            self._threads.append(thread)

    def _look(self, reader: VolumeReader, key: str, drive: Drive) -> None:
        with self._room:
            for volume in reader.read(drive, self.stop):
                with self._lock:
                    if self.stop.is_set():
                        return
                    self._found[key] = (*self._found.get(key, ()), volume)
                    self._tell(self._found)

    def end(
        self, patience_s: float = _PATIENCE_S, *, stop: bool = True
    ) -> Mapping[str, tuple[Volume, ...]]:
        """What was found until all had ended, or so much later. `stop`: at once."""
        if stop:
            self.stop.set()
        waiter = Thread(target=self.join, name="inside-end", daemon=True)
        waiter.start()
        waiter.join(patience_s)
        self.stop.set()
        return dict(self._found)

    def join(self) -> None:
        with self._lock:
            threads = tuple(self._threads)
        for thread in threads:
            thread.join()
