"""Fake ports. Each does on request what a real one does when the world is unkind."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from threading import Event as Flag
from types import MappingProxyType

from reprise.adapters.install import system
from reprise.codec import to_json
from reprise.domain.checks.catalogue import CheckId
from reprise.domain.drives.capabilities import Capabilities
from reprise.domain.drives.late import Storage, glimpse_of
from reprise.domain.erasure.pattern import Stream
from reprise.domain.erasure.progress import Progress
from reprise.domain.install.events import InstallFinished, InstallStarted
from reprise.domain.install.images import InstallCheck, OsImage
from reprise.domain.install.options import InstallOptions
from reprise.domain.pc.hardware import Drive, Inventory
from reprise.domain.pc.triage import Today
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Technique, Verdict
from reprise.domain.report.events import (
    AttemptFinished,
    DriveInterrupted,
    Event,
    MediumErrorFound,
    Operator,
    SessionStarted,
    Stamped,
    Update,
    VerifyStarted,
)
from reprise.domain.station.unattended import Unattended
from reprise.errors import InputError, RepriseError
from reprise.ports import InstallRequest, Job, Preparer, StopFlag
from reprise.workflow.erasure.recovery import Interrupted
from reprise.workflow.past.sessions import Earlier
from reprise.workflow.session.services import StationServices, StickLine
from station_kit.checks import FakeCheck, passed
from station_kit.keeping import FakeOutbox, FakeSigner, FakeStore
from station_kit.seen import all_seen

REPORT_ID = "0b7c9f3e-6a54-4c58-9a57-2f1d6a1b8e11"


@dataclass
class FakeJournal:
    lines: list[Stamped] = field(default_factory=list)

    def append(self, event: Event) -> Stamped:
        seq = len(self.lines) + 1
        stamped = Stamped(seq, f"2026-11-24T16:{seq // 60:02d}:{seq % 60:02d}Z", float(seq), event)
        self.lines.append(stamped)
        return stamped

    def digest(self) -> str:
        return hashlib.sha256(b"".join(to_json(line.event) for line in self.lines)).hexdigest()

    def events(self) -> Sequence[Stamped]:
        return tuple(self.lines)

    def kinds(self) -> list[str]:
        return [type(line.event).__name__ for line in self.lines]


@dataclass
class FakeProbe:
    inventory: Inventory

    def probe_inventory(self, _known: Sequence[Drive] = (), /) -> Inventory:
        return self.inventory

    def probe_drive(self, node: str) -> Drive:
        for drive in self.inventory.drives:
            if drive.node == node:
                return drive
        raise InputError("no such drive")

    def probe_capabilities(self, drive: Drive) -> Capabilities:
        return Capabilities()

    def probe_storage(self, _known: Sequence[Drive] = (), /) -> Storage:
        return glimpse_of(self.inventory)


@dataclass
class FakeSanitizer:
    """`ends`: serial -> verdict; drives in `pulled` are unplugged half-way; those in
    `held` run until they are stopped or `release`d."""

    ends: dict[str, Verdict] = field(default_factory=dict)
    pulled: set[str] = field(default_factory=set)
    held: set[str | None] = field(default_factory=set)
    release: Flag = field(default_factory=Flag)
    skip_verify: bool = False
    crash: bool = False
    jobs: list[Job] = field(default_factory=list)

    def run(self, job: Job, stop: StopFlag) -> Iterator[Update]:
        self.jobs.append(job)
        key, size = job.drive_key, job.drive.identity.size_bytes
        serial = job.drive.identity.serial or ""
        yield Progress(key, "write", size // 2, size, 112e6, 2345.0)
        if self.crash:
            raise RuntimeError("the sanitizer has a bug")
        if serial in self.pulled:
            yield DriveInterrupted(key, job.job_id, "unplugged", size // 2)
            return
        while serial in self.held and not self.release.is_set():
            if stop.is_set():
                yield DriveInterrupted(key, job.job_id, "operator", size // 2)
                return
            time.sleep(0.005)
        if not self.skip_verify:
            yield VerifyStarted(key, job.job_id, job.attempt.verify)
        verdict = self.ends.get(serial, Verdict.VERIFIED)
        if verdict is not Verdict.VERIFIED:
            yield MediumErrorFound(key, "write", 4096, 8, 5)
        good = verdict is Verdict.VERIFIED
        if good:
            yield from all_seen(key, job.attempt.technique)
        yield AttemptFinished(
            drive=key,
            job_id=job.job_id,
            technique=job.attempt.technique,
            verdict=verdict,
            achieved=job.attempt.claims if good else Method.NONE,
            reasons=() if good else ("write-errors",),
            written_bytes=size,
            verified_bytes=size,
            write_s=10.0,
            verify_s=9.0,
        )


@dataclass
class FakeInstaller:
    names: tuple[str, ...] = ("debian-minimal",)
    fails: str = ""
    first_start: bool = False
    asking: frozenset[str] = frozenset()  # the same of single images
    left_out: tuple[RepriseError, ...] = ()
    requests: list[InstallRequest] = field(default_factory=list)

    def images(self) -> Sequence[str]:
        return self.names

    def problems(self) -> Sequence[RepriseError]:
        return self.left_out

    def describe(self, image: str) -> OsImage:
        return OsImage(
            name=image,
            file=f"{image}.squashfs",
            version="13.2",
            sha256="ab" * 32,
            size_bytes=200 * 10**6,
            unpacked_bytes=600 * 10**6,
            min_drive_bytes=2 * 10**9,
            min_memory_bytes=5 * 10**8,
            licence="DFSG",
            title={"fr": "Debian minimal", "en": "Minimal Debian"},
            summary={"fr": "Un système en mode texte", "en": "A text system"},
            first_start=self.first_start or image in self.asking,
        )

    def fits(self, image: str, drive: Drive, *, encrypted: bool = False) -> str | None:
        least = 3 * 10**9 if encrypted else 2 * 10**9
        return None if drive.identity.size_bytes > least else "drive-too-small"

    def check(self, request: InstallRequest) -> None:
        system.check_request(request)

    def run(self, request: InstallRequest, stop: StopFlag) -> Iterator[Update]:
        self.requests.append(request)
        key = request.drive_key
        yield InstallStarted(key, request.drive.node, request.options.image, "13.2", "ab" * 32)
        yield Progress(key, "install", 300, 600, 5e7, 12.0)
        seen = InstallCheck.WHOLE_FOR_OWNER if request.options.encrypt else ""
        yield InstallFinished(key, not self.fails, 12.0, self.fails or seen)


@dataclass
class FakePower:
    asked: list[str] = field(default_factory=list)

    def power_off(self) -> None:
        self.asked.append("off")

    def restart(self) -> None:
        self.asked.append("restart")


class Kit:
    """All fakes of one station, and the services made of them."""

    def __init__(self, inventory: Inventory, interrupted: Sequence[Interrupted] = ()) -> None:
        self.journal = FakeJournal()
        self.probe = FakeProbe(inventory)
        self.sanitizer = FakeSanitizer()
        self.installer = FakeInstaller()
        self.preparer: Preparer | None = None
        self.store = FakeStore()
        self.outbox = FakeOutbox(self.store)
        self.power = FakePower()
        self.checks = {check: FakeCheck(passed(check)) for check in CheckId}
        self.may_pull, self.earlier = True, Earlier()
        self.found = tuple(interrupted)
        self.left_asked: list[Inventory] = []
        self.unattended = Unattended()
        self.erased, self.cut_installs = Earlier().ends, Earlier().cut_installs
        self.problems: tuple[str, ...] = ()
        self.server_url = ""
        self.image, self.encrypt = "debian-minimal", False
        self.last_operator: Operator | None = None
        self.remembered: list[Operator] = []
        self.today = Today(date(2026, 11, 24), True, date(2026, 1, 1))
        self.local_time: datetime | None = None
        self.operator = Operator("A. Martin", "Agglo", "Atelier", "", "LOT-7", "Mairie")

    def _earlier(self) -> Earlier:
        found, cut, ends = self.found, self.cut_installs, self.erased
        return replace(self.earlier, interrupted=found, cut_installs=cut, ends=ends)

    def _stick(self) -> StickLine:
        return StickLine(self.store.where(), self.may_pull)

    def _report_left(self, today: Inventory) -> tuple[str, ...]:
        self.left_asked.append(today)
        return ()

    def services(self) -> StationServices:
        return StationServices(
            started=SessionStarted(
                session_id="5e0f0d4e-2c3b-4a49-8f2f-77f6a0a2c001",
                report_id=REPORT_ID,
                station="reprise",
                kid="kid",
                version="0.1.0",
                image_version="test",
                clock_trusted=False,
                clock_note="not-synchronised",
            ),
            operator=self.operator,
            journal=self.journal,
            store=self.store,
            signer=FakeSigner(),
            outbox=self.outbox,
            probe=self.probe,
            policy=Policy(),
            sanitizers=MappingProxyType(dict.fromkeys(Technique, self.sanitizer)),
            stream=lambda: Stream.CHACHA20,
            preparer=self.preparer,
            installer=self.installer,
            install_defaults=InstallOptions(
                self.image, "pc-reprise", "utilisateur", "reprise", encrypt=self.encrypt
            ),
            stick=self._stick,
            earlier=self._earlier,
            sessions=lambda: self._earlier().sessions,
            report_left=self._report_left,
            power=self.power,
            server_url=lambda: self.server_url,
            last_operator=self.last_operator,
            remember=self.remembered.append,
            today=lambda: self.today,
            problems=self.problems,
            unattended=self.unattended,
        )
