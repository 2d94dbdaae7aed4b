"""Run a firmware procedure against played answers, without a device, and have it judged with all
that the surface could ever say in its favour."""

from __future__ import annotations

import errno
import os
import pkgutil
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

import reprise.adapters.drives.firmware
from reprise.adapters.drives.blockio import GONE, BlockFile, DriveGoneError
from reprise.adapters.drives.firmware.witnessed import Procedure, Recovering
from reprise.adapters.drives.passthrough.sgio import ScsiAnswer
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.opening import NotOpenedError
from reprise.adapters.drives.surface.record import Record
from reprise.adapters.drives.surface.rescue import Stopped
from reprise.domain.drives.capabilities import Capabilities
from reprise.domain.pc.hardware import DriveIdentity
from reprise.domain.planning.plan import Attempt
from reprise.domain.planning.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.report.events import ObservationKind
from reprise.ports import Job
from unit.domain.drives.drives import drive

SIZE = 640 << 20  # nothing is ever this large here: only commands are played
SERIAL, STRANGER = "PLAYED 01", "PLAYED 02"
FAVOURS = (
    ObservationKind.CANARIES_PLANTED,
    ObservationKind.CANARIES_GONE,
    ObservationKind.READBACK_ERASED,
)
ERRNOS = (
    *(errno.EIO, errno.ETIMEDOUT, errno.ENODEV, errno.EINTR, errno.EPERM, errno.EBUSY),
    *(errno.ENOTTY, errno.EOPNOTSUPP, errno.EREMOTEIO, errno.ENXIO, errno.EILSEQ),
)
T = TypeVar("T")
_ENOUGH = 5000  # commands: a procedure that sends more never ends


class HangsError(Exception):
    """The kernel does not come back from this call."""


@dataclass
class World:
    """A clock that only moves when somebody waits."""

    now_s: float = 0.0
    beside: bool = False  # a call runs where one that hangs blocks nobody

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds

    def background(self, function: Callable[[], object]) -> Generator[None, None, object]:
        """pipeline.background, at once and without a thread."""
        self.beside = True
        try:
            return function()
        except HangsError:
            hangs = True
        finally:
            self.beside = False
        while hangs:
            self.now_s += 300.0
            yield
        return None

    def hang(self) -> None:
        if self.beside:
            raise HangsError
        raise OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))


@contextmanager
def made_world() -> Iterator[World]:
    """Every firmware module with its time, its Meter and its background played."""
    world = World()
    played = {
        "time": world,
        "Meter": partial(Meter, now=world.monotonic),
        "background": world.background,
    }
    with pytest.MonkeyPatch.context() as patch:
        for found in pkgutil.iter_modules(reprise.adapters.drives.firmware.__path__):
            module = import_module(f"reprise.adapters.drives.firmware.{found.name}")
            for name, value in played.items():
                if hasattr(module, name):
                    patch.setattr(module, name, value)
        yield world


class Device(BlockFile):
    """An open device of which there is no more than the procedures ask for."""

    node, number, size_bytes = "/dev/played", "7:0", SIZE

    def __init__(self) -> None: ...

    def hold_udev(self, wait_s: float = 0.0) -> bool:
        return True

    def is_there(self) -> bool:
        return True

    def check_there(self, error: OSError) -> None:
        if error.errno in GONE:
            raise DriveGoneError(self.node) from error


class Never:
    def is_set(self) -> bool:
        return False


@dataclass(frozen=True)
class Told:
    """One command and what a careful reader may take from its answer; "" where that is nothing."""

    kind: str
    word: str
    data: bytes = b""
    place: tuple[int, int] = (0, 0)  # bytes that it is about: first, end


@dataclass(frozen=True)
class Fault:
    """What happens to one answer."""

    name: str
    value: int | bytes | tuple[int, ...] = 0

    @property
    def number(self) -> int:
        assert isinstance(self.value, int)
        return self.value

    @property
    def raw(self) -> bytes:
        assert isinstance(self.value, bytes)
        return self.value

    @property
    def numbers(self) -> tuple[int, ...]:
        assert isinstance(self.value, tuple)
        return self.value


def with_status(good: ScsiAnswer, whose: str, value: int) -> ScsiAnswer:
    """`whose`: the field of the one that calls it a failure; all else looks good."""
    if whose == "host_status":
        return replace(good, host_status=value)
    if whose == "driver_status":
        return replace(good, driver_status=value)
    assert whose == "status"
    return replace(good, status=value)


@dataclass
class Log:
    told: list[Told] = field(default_factory=list)

    def add(self, kind: str, word: str, data: bytes = b"", place: tuple[int, int] = (0, 0)) -> None:
        self.told.append(Told(kind, word, data, place))
        assert len(self.told) < _ENOUGH, "it never ends"

    def counts(self) -> Counter[str]:
        """How many commands of each kind were sent."""
        return Counter(told.kind for told in self.told)


def job_for(
    technique: Technique,
    *,
    capabilities: Capabilities | None = None,
    reattach: bool = False,
    psid: str = "",
) -> Job:
    who = DriveIdentity(model="Played drive", serial=SERIAL, size_bytes=SIZE)
    return Job(
        drive=replace(drive(), identity=who, node=Device.node),
        attempt=Attempt(technique, Method.CLEAR, VerifyDepth.FULL),
        job_id="00000000-0000-0000-0000-000000000001",
        job_key=b"k" * 32,
        capabilities=capabilities,
        reattach=reattach,
        psid=psid,
    )


def judged(procedure: Procedure, job: Job) -> Verdict:
    """The verdict where the marks were planted, are gone, and all reads as erased."""
    record, device, stop = Record(job), Device(), Never()
    try:
        procedure.check(device, job)
        ready = True
        if isinstance(procedure, Recovering) and not job.reattach:
            ready = _end(procedure.recover(device, job, record, stop))
        if ready:
            _end(procedure.run(device, job, record, stop))
    except NotOpenedError as error:
        record.observe(error.kind, **error.detail)
    except (DriveGoneError, Stopped):
        pass  # the product gives no verdict then; whatever was seen must not be enough for one
    for kind in FAVOURS:
        record.observe(kind)
    record.verified_bytes = SIZE
    return record.finished().verdict


def _end(steps: Generator[object, None, bool]) -> bool:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return bool(end.value)


def many(examples: int) -> settings:
    """Slow on a busy machine is no fault of the drive."""
    slow = [HealthCheck.too_slow]
    return settings(max_examples=examples, deadline=None, suppress_health_check=slow)


def faults_of(
    fault: st.SearchStrategy[Fault], *kinds: str
) -> st.SearchStrategy[dict[str, list[Fault | None]]]:
    """By kind of command: None where the drive answers as it should, else a fault. Behind the list
    it always does."""
    one = st.tuples(st.sampled_from(kinds), st.integers(0, 4), fault)
    return st.lists(one, max_size=3).map(_by_kind)


def _by_kind(found: list[tuple[str, int, Fault]]) -> dict[str, list[Fault | None]]:
    made: dict[str, list[Fault | None]] = {}
    for kind, at, fault in found:
        faults = made.setdefault(kind, [])
        faults += [None] * (at + 1 - len(faults))
        faults[at] = fault
    return made
