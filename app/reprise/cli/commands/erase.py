"""reprise erase: erase one drive, as the screen does, without it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reprise import wording
from reprise.adapters.signing.station_key import key_file
from reprise.bootstrap import config, drives, past, storage
from reprise.cli import named_drive, nothing_attached, secrets
from reprise.cli.command_session import begin, stores
from reprise.cli.complaint import complain
from reprise.cli.erase_result import sentence
from reprise.cli.folders import given_by
from reprise.cli.stopping import stop_signals
from reprise.cli.ticker import Ticker
from reprise.domain.drives.unreached import StorageLooked, StorageStated
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Drive, Inventory
from reprise.domain.planning.plan import Plan
from reprise.domain.planning.planner import PlanRequest
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique, VerifyDepth
from reprise.domain.report.events import (
    Event,
    InventoryTaken,
    Operator,
    OperatorNamed,
    PlanConfirmed,
    PlanMade,
)
from reprise.domain.report.fold import SessionFold
from reprise.domain.report.outcome import DriveResult
from reprise.errors import (
    EXIT_FAILED,
    EXIT_OK,
    EXIT_REFUSED,
    EXIT_STOPPED,
    InputError,
    RefusedError,
    StorageError,
)
from reprise.i18n import _
from reprise.ports import DriveProbe, Journal
from reprise.system_words import os_reason
from reprise.wording import printable
from reprise.workflow.erasure.jobs import EraseOrder, Resume, earlier_of, resume_of
from reprise.workflow.erasure.planning import plan_digest, plan_named
from reprise.workflow.erasure.recovery import Interrupted, for_drive
from reprise.workflow.erasure.sanitize import EraseServices, erase_all
from reprise.workflow.session.late import as_left, late_storage

if TYPE_CHECKING:
    from reprise.adapters.storage.store import MirroredStore
    from reprise.settings import Settings
    from reprise.workflow.past.sessions import Earlier

_EXIT_CODES = {
    DriveState.SANITIZED: EXIT_OK,
    DriveState.REFUSED: EXIT_REFUSED,
    DriveState.UNVERIFIED: EXIT_FAILED,
    DriveState.FAILED: EXIT_FAILED,
}
_ROOM_BYTES = 4 << 20  # more than any report


def register(commands: Any) -> None:
    parser = commands.add_parser(
        "erase",
        help=_("erase one drive and prove it (root)"),
        description=_(
            "Erases one drive and reads it back. Everything on it is lost. Progress goes to "
            "standard error, the verdict to standard output."
        ),
        epilog=_(
            "Exit codes: 0 erased and verified, 2 wrong usage or input, 3 refused for safety, "
            "4 failed or not verified, 130 stopped by the operator."
        ),
    )
    named_drive.add_arguments(parser)
    techniques = [technique.value for technique in Technique]
    parser.add_argument(
        "--technique",
        choices=techniques,
        metavar=_("TECHNIQUE"),
        help=_("this technique only, instead of what the policy prefers: {names}").format(
            names=", ".join(techniques)
        ),
    )
    parser.add_argument(
        "--verify",
        choices=[depth.value for depth in VerifyDepth],
        help=_("how much to read back, instead of what the policy says"),
    )
    parser.add_argument(
        "--psid",
        nargs="?",
        const=secrets.ASKED,
        metavar=_("FILE"),
        help=_(
            "let a TCG drive forget its keys by the 32 characters on its label: FILE's first line "
            "if given, else asked for"
        ),
    )
    parser.add_argument("--report-dir", metavar=_("DIR"), help=_("put the signed report here too"))
    parser.add_argument("--operator", metavar=_("NAME"), help=_("who erases, for the report"))
    parser.add_argument(
        "--resume",
        action="store_true",
        help=_("go on with an overwrite of this drive that was interrupted"),
    )
    nothing_attached.add_argument(parser)
    parser.set_defaults(run=run)


@dataclass(frozen=True, slots=True)
class _Ready:
    """All checks passed; nothing was written to the drive yet."""

    inventory: Inventory
    drive: Drive
    plan: Plan  # for this drive alone
    policy: Policy
    probe: DriveProbe
    stated: tuple[StorageStated, ...]  # what the operator says of storage that cannot be reached
    earlier: Earlier
    psid: str = field(default="", repr=False)


def run(args: argparse.Namespace) -> int:
    if os.geteuid() != 0:
        raise RefusedError(_("Erasing a drive needs root."), _("Start it as root."))
    settings = config.settings(given_by(args))
    policy = config.policy(args.config)
    report_dir = _report_dir(args.report_dir)
    kept = stores(args.data, report_dir)[1]
    ready = _prepare(args, policy, settings, past.earlier(kept))
    outcome, report_id, late = _erase(args, settings, ready, report_dir)
    print(sentence(ready.drive, outcome, report_id, report_dir))
    for words in nothing_attached.told(ready.inventory, ready.stated, late):
        print(words)
    if outcome.state is DriveState.INTERRUPTED:
        return EXIT_STOPPED if outcome.reasons == ("operator",) else EXIT_FAILED
    return _EXIT_CODES[outcome.state]


def _report_dir(given: str | None) -> Path | None:
    """The folder for the report, proven to take one before anything is erased."""
    if given is None:
        return None
    folder = Path(given)
    probe = folder / f".reprise-{os.getpid()}.tmp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            probe.write_bytes(bytes(_ROOM_BYTES))
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            _("The report cannot be put into “{path}”: {reason}.").format(
                path=folder, reason=os_reason(error)
            ),
            _("Nothing was erased. Give another folder to --report-dir."),
        ) from error
    return folder


def _prepare(
    args: argparse.Namespace, policy: Policy, settings: Settings, earlier: Earlier
) -> _Ready:
    psid = secrets.psid(args.psid)
    probe = drives.drive_probe()
    named_drive.confirmed(args, probe)  # before the slower inventory: a wrong path fails at once
    inventory = probe.probe_inventory()
    who = _operator(settings, args.operator).name
    stated = nothing_attached.events(args.nothing_attached, inventory, who)
    wish = PlanRequest(
        technique=Technique(args.technique) if args.technique else None,
        verify=VerifyDepth(args.verify) if args.verify else None,
        psid=psid,
    )
    left = earlier.interrupted
    drive, plan = plan_named(args.drive, inventory, probe, policy, wish, interrupted=left)
    (of_drive,) = plan.drives
    if of_drive.refused:
        reasons = wording.series(wording.refusals(of_drive.refusals))
        raise RefusedError(
            _("{node} is not erased: {reasons}.").format(node=args.drive, reasons=reasons),
            wording.advice_for_refusals(of_drive.refusals),
        )
    if drive.identity.confirm_word != args.confirm:
        raise RefusedError(_("{node} changed while it was looked at.").format(node=args.drive))
    seen = named_drive.with_drive(inventory, drive)
    return _Ready(seen, drive, plan, policy, probe, stated, earlier, psid)


def _erase(
    args: argparse.Namespace, settings: Settings, ready: _Ready, report_dir: Path | None
) -> tuple[DriveResult, str, StorageLooked]:
    """What the drive came to, the report's id, and what came up meanwhile."""
    session = begin(args.data, settings, report_dir)
    journal = session.journal
    digest = plan_digest(ready.plan)
    # the station's session confirms all that the PC's plan erases; here one drive is meant
    said: tuple[Event, ...] = (
        OperatorNamed(_operator(settings, args.operator)),
        InventoryTaken(ready.inventory),
        PlanMade(ready.plan, digest),
        *ready.stated,
        PlanConfirmed(digest, (ready.drive.identity.key,)),
    )
    for event in said:
        journal.append(event)
    services = EraseServices(
        probe=ready.probe,
        sanitizers=drives.sanitizers(ready.probe, ready.policy),
        journal=journal,
        policy=ready.policy,
        preparer=drives.preparer(ready.probe, ready.policy),
        suspender=drives.suspender(),
        stream=drives.fastest_stream,
    )
    earlier = ready.earlier
    for problem in earlier.problems:
        complain(printable(str(problem)))
    resume = _resume(args, ready, for_drive(earlier.interrupted, ready.drive))
    order = EraseOrder(
        ready.drive,
        ready.plan.drives[0],
        resume,
        named=True,
        psid=ready.psid,
        earlier=earlier_of(earlier, ready.drive, resume),
    )
    with stop_signals() as stop:
        try:
            with Ticker() as ticker:
                (outcome,) = erase_all((order,), services, stop, ticker.take)
        finally:  # whatever happened to the drive, the proof of it is kept
            late = late_storage(ready.probe, ready.inventory, _as_left(ready.inventory, journal))
            journal.append(late)
            report_id = session.seal()
            _copy_report(session.store, session.signer.kid, report_id, report_dir)
    return outcome, report_id, late


def _as_left(inventory: Inventory, journal: Journal) -> Iterator[Drive]:
    told = SessionFold()
    for stamped in journal.events():
        told.take(stamped)
    return (as_left(drive, told.drive(drive.identity.key)) for drive in inventory.drives)


def _operator(settings: Settings, name: str | None) -> Operator:
    known = settings.operator.of_report()
    return replace(known, name=name or known.name)


def _resume(args: argparse.Namespace, ready: _Ready, found: Interrupted | None) -> Resume | None:
    """An overwrite goes on only where that was asked for; a drive that sanitizes itself does so
    in any case, and takes no other command meanwhile."""
    if found is not None and (args.resume or found.reattachable):
        resume = resume_of(found)
        if resume is not None or found.resumable:  # stopped before its first checkpoint: from 0
            return resume
    if args.resume:
        raise InputError(
            _("There is no interrupted overwrite of {node} to go on with.").format(
                node=ready.drive.node
            ),
            _("Leave out --resume to erase it from the start."),
        )
    return None


def _copy_report(store: MirroredStore, kid: str, report_id: str, report_dir: Path | None) -> None:
    """With the public key that it is verified with: the store may be gone with the power."""
    if report_dir is None:
        return
    for name in (f"reports/{report_id}.jws", key_file(kid)):
        data = store.read(name)
        if data is None:
            raise StorageError(_("The report {name} is not in the store.").format(name=report_id))
        storage.write_file(report_dir / Path(name).name, data)
