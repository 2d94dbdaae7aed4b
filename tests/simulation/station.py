"""The station's software on one PC from its start: the real bootstrap with the lowest parts
simulated, the real engine, the real service that sends."""

from __future__ import annotations

import traceback
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reprise.adapters.delivery import uplink, watch
from reprise.adapters.drives.capabilities import opal
from reprise.adapters.drives.capabilities import scsi as scsi_capabilities
from reprise.adapters.drives.firmware import ata_prepare
from reprise.adapters.drives.surface import heat
from reprise.adapters.hardware.sysfs import Roots
from reprise.adapters.signing import station_key
from reprise.adapters.signing.jws import Ed25519Signer
from reprise.adapters.storage.store import MirroredStore
from reprise.bootstrap import config, storage
from reprise.bootstrap import station as real
from reprise.bootstrap.command_line import CommandLine
from reprise.domain.erasure.pattern import Stream
from reprise.domain.pc.hardware import Transport
from reprise.domain.pc.impact import ImpactFactors
from reprise.domain.pc.triage import TriageRules
from reprise.domain.planning.policy import Policy
from reprise.domain.station.stick import StickReason, StickState, StickStatus
from reprise.server import clock as server_clock
from reprise.settings import Settings
from reprise.workflow.delivery.deliver import deliver_for_ever
from reprise.workflow.engine import engine as engine_module
from reprise.workflow.engine.engine import Engine
from simulation import command, server, threads
from simulation.baton import Task, baton
from simulation.installer import SimInstaller
from simulation.paths import SimPath
from simulation.pc import (
    EPOCH,
    Boot,
    Pc,
    SimClock,
    SimProbe,
    here,
    memory_root,
    sysfs,
)
from simulation.power import SimRunner, SimSuspender
from simulation.stick import PULLED, READY

if TYPE_CHECKING:
    from collections.abc import Generator

    from reprise.adapters.drives.surface.meter import Meter
    from reprise.domain.pc.hardware import Drive
    from simulation.drives import SimDrive

_POLL_S = 20.0


def _store(_args: object = None) -> MirroredStore:
    pc = here()
    boot = pc.boot
    assert boot is not None

    def readable() -> SimPath | None:
        baton().check()
        return pc.stick.root if pc.stick is not None and pc.stick.state != PULLED else None

    def writable() -> SimPath | None:
        baton().check()
        return pc.stick.root if pc.stick is not None and pc.stick.state == READY else None

    return MirroredStore(memory_root(boot), writable, readable)


def _stick_state() -> StickState:
    pc = here()
    if pc.stick is None:
        return StickState(StickStatus.MEMORY, StickReason.NO_STICK)
    if pc.stick.state != READY:
        return StickState(StickStatus.MEMORY, StickReason.WRITE_PROTECTED)
    return StickState(StickStatus.READY, device="/dev/sdz3")


def _settings(_args: object) -> tuple[Settings, tuple[()]]:
    return here().world.settings_of(here()), ()


def _policy(_config: object) -> Policy:
    return here().world.policy


def _signer() -> Ed25519Signer:
    seed = baton().random.getrandbits(256).to_bytes(32, "big")
    return Ed25519Signer(Ed25519PrivateKey.from_private_bytes(seed))


class SimResizer:
    """ata_resize.Resizer: the kernel asks the drive for its size again."""

    def __init__(self, probe: object, roots: object = None) -> None:
        self._pc = here()

    def run(self, drive: Drive, size_bytes: int, meter: Meter) -> Generator[Any, None, str | None]:
        baton().sleep(1.0)
        yield from meter.same()
        node = self._pc.kernel.node(drive.node)
        if node is None:
            return None
        self._pc.kernel.resize(node.drive)
        return drive.node if node.size_bytes == size_bytes else None


class _ServerTime(datetime):
    """The server's clock is right."""

    @classmethod
    def now(cls, tz: Any = None) -> _ServerTime:
        at = EPOCH + timedelta(seconds=baton().now_s)
        return cls.combine(at.date(), at.timetz())


def _program_error(error: Exception) -> str:
    """What the engine catches so as to go on is a finding all the same."""
    trace = "".join(traceback.format_exception(error))
    here().world.oracle.violate("an error of the program", f"{error!r}\n{trace}")
    return f"an error of the program ({error})"


def _behind_usb(device: Any) -> bool:
    return bool(device._node.drive.transport is Transport.USB)


def put_in_place(patch: pytest.MonkeyPatch) -> None:
    ours: dict[str, Any] = {
        "store": _store,
        "clock": lambda: SimClock(here()),
        "command_runner": SimRunner,
        "drive_probe": lambda _runner=None: SimProbe(here()),
        "policy": _policy,
        "fastest_stream": lambda: Stream.AES_256_CTR if here().kind.aes else Stream.CHACHA20,
        "suspender": lambda _runner=None: SimSuspender(here()),
        "os_installer": lambda _rules: SimInstaller(here()),
        "station_settings": _settings,
        "stick_state": _stick_state,
        "layout_of_settings": lambda _layout: (),
        "triage_rules": lambda _config: TriageRules(),
        "impact_factors": lambda _config: ImpactFactors(),
    }
    for module in (real, storage, config):
        for name, value in ours.items():
            if hasattr(module, name):
                patch.setattr(module, name, value)
    roots = tuple(SimPath(one, volume=sysfs) for one in Roots.__init__.__defaults__ or ())
    patch.setattr(Roots.__init__, "__defaults__", roots)
    patch.setattr(engine_module, "program_error", _program_error)
    patch.setattr(station_key, "generate_signer", _signer)
    patch.setattr(ata_prepare, "Resizer", SimResizer)
    patch.setattr(scsi_capabilities, "behind_usb", _behind_usb)
    patch.setattr(opal, "behind_usb", _behind_usb)
    patch.setattr(heat, "sysfs_temperature", lambda _block: None)
    patch.setattr(uplink, "Call", server.SimCall)
    patch.setattr(watch, "network_state", lambda: (str(here().world.server.up),))
    patch.setattr(watch, "_POLL_S", _POLL_S)
    command.put_in_place(patch)
    patch.setattr(server_clock, "datetime", _ServerTime)
    patch.setattr(real, "IMAGE_SHA256", Path("/nonexistent"))


class Station:
    """Engine and sender of one boot."""

    def __init__(self, pc: Pc, boot: Boot) -> None:
        self.pc, self.boot = pc, boot
        given = CommandLine()
        self.engine = Engine(lambda: real.station_services(given, *_settings(given)), _POLL_S)
        self._stop = threads.Event()
        self._engine, self._sender = boot.process("station"), boot.process("sender")
        baton().spawn(self.engine.start, "station", self._engine)
        baton().spawn(self._send, "sender", self._sender)

    def _send(self) -> None:
        store = storage.store(None)
        queue = storage.outbox(store)

        def queued() -> frozenset[str]:
            return frozenset(item.report_id for item in queue.items() if item.state != "sent")

        def keep() -> None:
            while not self._stop.is_set():
                store.sync()
                baton().sleep(_POLL_S)

        def link() -> Any:
            found = self.pc.world.settings_of(self.pc)
            return storage.uplink(found, store) if found.server.url else None

        seen = watch.PollingWatch(queued, self._stop)
        baton().spawn(keep, "stick", self._sender)
        deliver_for_ever(queue, link, seen, self._stop, baton().random.random)

    def met(self) -> tuple[SimDrive, ...]:
        """The drives that were in the PC at its newest look."""
        return self._engine.looks[-1] if self._engine.looks else ()

    def late(self) -> dict[int, tuple[SimDrive, int]]:
        return self._engine.late

    def end(self) -> None:
        """Its processes are no more, in the middle of whatever they do."""
        for process in (self._engine, self._sender):
            self.boot.kill(process)

    def ask(self, name: str, ask: Any) -> Task:
        """One of a screen's workers asks the engine."""
        return baton().spawn(ask, name, self._engine)
