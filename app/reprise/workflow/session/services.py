"""What one session of the station needs from the world, bundled. bootstrap fills it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from reprise.domain.erasure.pattern import Stream
from reprise.domain.install.options import InstallOptions
from reprise.domain.pc.hardware import Inventory
from reprise.domain.pc.impact import ImpactFactors
from reprise.domain.pc.triage import Today, TriageRules
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique
from reprise.domain.report.events import Operator, SessionStarted
from reprise.domain.station.stick import StickState
from reprise.domain.station.unattended import Unattended
from reprise.errors import RepriseError
from reprise.ports import (
    DriveProbe,
    Journal,
    OsInstaller,
    Outbox,
    Preparer,
    Sanitizer,
    Signer,
    Store,
    Suspender,
    VolumeReader,
)
from reprise.workflow.past.sessions import Earlier


@dataclass(frozen=True, slots=True)
class StickLine:
    """Where what this session writes goes, for the line that is always on the screen."""

    where: str  # "stick", "memory" or "folder"
    may_pull: bool  # the stick may be pulled now: the system runs from memory
    state: StickState | None = None  # what the stick's service last saw


class Power(Protocol):
    def power_off(self) -> None: ...

    def restart(self) -> None: ...


@dataclass(frozen=True, slots=True)
class StationServices:
    """The ports of one session. `started` is its first event, ready to be journalled."""

    started: SessionStarted
    operator: Operator  # defaults, from the settings
    journal: Journal
    store: Store
    signer: Signer
    outbox: Outbox
    probe: DriveProbe
    policy: Policy
    sanitizers: Mapping[Technique, Sanitizer]
    stream: Callable[[], Stream]  # which one this PC makes fastest
    installer: OsInstaller
    install_defaults: InstallOptions
    stick: Callable[[], StickLine]
    earlier: Callable[[], Earlier]  # what other sessions left
    sessions: Callable[[], frozenset[str]]  # their ids; cheap
    report_left: Callable[[Inventory], Sequence[str]]  # sessions cut off before their report
    power: Power
    today: Callable[[], Today]
    preparer: Preparer | None = None
    suspender: Suspender | None = None
    problems: tuple[str, ...] = ()  # settings that could not be used, in words
    unattended: Unattended = field(default_factory=Unattended)
    last_operator: Operator | None = None  # the settings, with what was typed last
    remember: Callable[[Operator], None] = lambda _operator: None  # may raise StorageError
    server_url: Callable[[], str] = str  # of the settings in force; "": none is set
    triage_rules: TriageRules = field(default_factory=TriageRules)
    impact_factors: ImpactFactors = field(default_factory=ImpactFactors)
    image_sha256: Callable[[], str] = str  # "": not known (yet)
    inside: VolumeReader | None = None  # None: nothing is looked into
    settle: Callable[[], Sequence[RepriseError]] = tuple  # before each look; see hardware.udev

    @property
    def first_operator(self) -> Operator:
        """What the first screen begins with."""
        return self.last_operator or self.operator
