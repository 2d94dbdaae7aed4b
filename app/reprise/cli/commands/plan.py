"""reprise plan: what would be done to each drive, and why. Writes nothing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from reprise import wording
from reprise.bootstrap import config, drives
from reprise.codec import to_json
from reprise.domain.drives.open_storage import reasons
from reprise.domain.pc.hardware import Drive, Inventory
from reprise.domain.planning.plan import Attempt, DrivePlan, Plan
from reprise.domain.planning.planner import PlanRequest
from reprise.errors import EXIT_OK
from reprise.i18n import _
from reprise.sentences.drives import content_line
from reprise.workflow.erasure.planning import plan_digest, plan_inventory, plan_named
from reprise.workflow.session.volumes import read_now


def register(commands: Any) -> None:
    parser = commands.add_parser(
        "plan",
        help=_("say what would be done to each drive, and why"),
        description=_("Says what would be done to each drive, and why. Writes nothing."),
    )
    parser.add_argument("--json", action="store_true", help=_("as JSON (schema plan.json)"))
    parser.add_argument(
        "--drive", metavar=_("PATH"), help=_("this drive only (a loop device must be named)")
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    policy = config.policy(args.config)
    probe = drives.drive_probe()
    inventory = probe.probe_inventory()
    shown = list(inventory.drives)
    if args.drive:
        drive, plan = plan_named(args.drive, inventory, probe, policy, PlanRequest())
        shown = [drive]
    else:
        plan = plan_inventory(inventory, probe, policy)
    if args.json:
        sys.stdout.write(to_json(plan, pretty=True).decode())
    else:
        print("\n".join(_lines(plan, inventory, _holds(shown))))
    return EXIT_OK


def _holds(shown: Sequence[Drive]) -> Mapping[str, str]:
    inside = read_now(drives.volume_reader(), shown)
    return {drive.node: content_line(drive, inside.get(drive.node, ())) for drive in shown}


def _lines(
    plan: Plan,
    inventory: Inventory | None = None,
    holds: Mapping[str, str] = MappingProxyType({}),
) -> list[str]:
    """`holds`: what is on the drives, by node."""
    lines = [line for drive in plan.drives for line in _drive_lines(drive, holds)]
    if not plan.drives:
        lines = [_("No drive was found.")]
    for words in wording.unreached(reasons(inventory, plan)):
        lines.append(_("warning: {what}").format(what=words))
    lines.append(_("Policy: {policy}").format(policy=plan.policy))
    lines.append(_("Fingerprint of the plan: {digest}").format(digest=plan_digest(plan)))
    return lines


def _drive_lines(drive: DrivePlan, holds: Mapping[str, str]) -> list[str]:
    who = drive.drive
    serial = _("serial") + f" {who.confirm_word or '?'}"
    lines = [f"{drive.node}  {who.model or '?'}  {serial}  {wording.size(who.size_bytes)}"]
    if drive.node in holds:
        lines.append("  " + _("{label}: {value}").format(label=_("Holds"), value=holds[drive.node]))
    for reason in wording.refusals(drive.refusals):
        lines.append("  " + _("not touched: {reason}").format(reason=reason))
    if advice := wording.advice_for_refusals(drive.refusals):
        lines.append("  " + _("what to do: {advice}").format(advice=advice))
    for step in drive.preparations:
        lines.append("  " + _("first: {step}").format(step=wording.preparation(step)))
    for number, attempt in enumerate(drive.attempts, 1):
        lines += _attempt_lines(number, attempt)
    for warning in drive.warnings:
        lines.append("  " + _("warning: {what}").format(what=wording.code(warning)))
    return lines


def _attempt_lines(number: int, attempt: Attempt) -> list[str]:
    depth = wording.depth(attempt.verify)
    text = _("{number}. {technique}, {depth}; aims at {method}").format(
        number=number,
        technique=wording.technique(attempt.technique),
        depth=depth[:1].lower() + depth[1:],
        method=wording.method(attempt.claims),
    )
    lines = [f"  {text}"]
    if attempt.expected_s is not None:
        lines.append(f"     {wording.about(attempt.expected_s)}")
    for limitation in attempt.limitations:
        told = _("cannot be proven: {what}").format(what=wording.code(limitation))
        if limitation in attempt.not_accepted:
            told = _("{limitation} (not accepted by the policy)").format(limitation=told)
        lines.append(f"     {told}")
    return lines
