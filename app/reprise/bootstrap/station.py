"""A session: its first event, and all ports of the screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reprise.bootstrap.config import impact_factors, policy, server_url, triage_rules
from reprise.bootstrap.drives import (
    command_runner,
    drive_probe,
    fastest_stream,
    preparer,
    sanitizers,
    suspender,
    volume_reader,
)
from reprise.bootstrap.images import os_installer
from reprise.bootstrap.keyboard import layout_of_settings
from reprise.bootstrap.operator import last_operator, remember_operator
from reprise.bootstrap.past import EarlierSessions, newest_sessions, other_sessions, seal_left
from reprise.bootstrap.storage import (
    RUN,
    clock,
    journal,
    outbox,
    signer,
    stick_state,
    store,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reprise.adapters.storage.store import MirroredStore
    from reprise.bootstrap.command_line import CommandLine
    from reprise.domain.report.events import SessionStarted
    from reprise.errors import RepriseError
    from reprise.ports import (
        Clock,
    )
    from reprise.settings import Settings
    from reprise.workflow.session.services import StationServices


IMAGE_VERSION = Path("/usr/share/reprise/image-version")
IMAGE_SHA256 = Path("/run/reprise/image-sha256")  # reprise-image.service writes it
LEFT_OUT = "left-out"  # written by the initramfs of a start from the network


def image_version() -> str:
    """Empty where no image was started."""
    return IMAGE_VERSION.read_text("utf-8").strip() if IMAGE_VERSION.exists() else ""


def image_sha256() -> str:
    """Of the running image's file system; empty where none was started, or it is still read."""
    return IMAGE_SHA256.read_text("ascii").strip() if IMAGE_SHA256.exists() else ""


def session_started(station: str, kid: str, time: Clock, where: MirroredStore) -> SessionStarted:
    """The first event of a new session in a store, with its ids."""
    import uuid

    from reprise import __version__
    from reprise.domain.report.events import SessionStarted

    trusted, note = time.trust()
    return SessionStarted(
        session_id=str(uuid.uuid4()),
        report_id=str(uuid.uuid4()),
        station=station,
        kid=kid,
        version=__version__,
        image_version=image_version(),
        clock_trusted=trusted,
        clock_note=note,
        after=newest_sessions(where),
    )


def _left_out() -> str:
    from reprise.i18n import _

    return _(
        "This PC has too little memory to get the light system over the network: nothing can be"
        " installed. Start it from a stick to install."
    )


def station_services(
    given: CommandLine, found: Settings, problems: Sequence[RepriseError]
) -> StationServices:
    """Everything that the station's session needs. `problems`: of the settings.

    Raises InputError on a broken policy.toml (triage.toml, impact.toml): a station does not erase
    by rules that nobody wrote.
    """
    from reprise.adapters.hardware.udev import settle
    from reprise.adapters.pc.clock import today
    from reprise.adapters.pc.power import SystemdPower
    from reprise.workflow.session.services import (
        StationServices,
        StickLine,
    )

    where = store(given.data)
    key = signer(where)
    started = session_started(found.station.name, key.kid, clock(), where)
    runner = command_runner()
    probe, rules = drive_probe(runner), policy(given.config)
    defaults = found.operator.of_report()
    from_memory = Path(RUN, "toram")  # written by the initramfs
    said = [str(problem) for problem in problems]
    if Path(RUN, LEFT_OUT).exists():
        said.append(_left_out())
    if not given.data:  # else the console is somebody's own
        said += layout_of_settings(found.station.keyboard)

    def stick_line() -> StickLine:
        may_pull = from_memory.exists() and from_memory.read_text("utf-8").strip() == "yes"
        return StickLine(where.where(), may_pull, None if given.data else stick_state())

    return StationServices(
        started=started,
        operator=defaults,
        last_operator=last_operator(where, defaults),
        remember=lambda typed: remember_operator(where, defaults, typed),
        journal=journal(where, started.session_id),
        store=where,
        signer=key,
        outbox=outbox(where),
        probe=probe,
        policy=rules,
        sanitizers=sanitizers(probe, rules),
        stream=fastest_stream,
        installer=os_installer(rules),
        install_defaults=found.install,
        stick=stick_line,
        earlier=EarlierSessions(where, started.session_id).found,
        sessions=lambda: other_sessions(where, started.session_id),
        report_left=lambda today: seal_left(where, key, today, started.session_id),
        power=SystemdPower(runner),
        preparer=preparer(probe, rules),
        suspender=suspender(runner),
        inside=volume_reader(),
        settle=lambda: settle(runner),
        problems=tuple(said),
        image_sha256=image_sha256,
        unattended=found.auto,
        server_url=server_url(given),
        today=lambda: today(clock()),
        triage_rules=triage_rules(given.config),
        impact_factors=impact_factors(given.config),
    )
