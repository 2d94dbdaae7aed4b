"""Makes a drive's plan: drive + capabilities + policy -> refusals, or attempts in order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reprise.domain.drives.capabilities import Capabilities, Support
from reprise.domain.drives.namespaces import beyond, with_siblings
from reprise.domain.drives.remembered_capabilities import shown
from reprise.domain.pc.hardware import Drive, Health, MediaKind, Transport
from reprise.domain.planning.claims import claim, expected_s, limitations
from reprise.domain.planning.options import (
    can,
    formats_one_by_one,
    has_password,
    hides_tail,
    may_hide,
    may_lock_by_suspend,
    preparations,
    security_refusals,
)
from reprise.domain.planning.plan import (
    KNOWN_AFTERWARDS,
    UNHIDES,
    Attempt,
    DrivePlan,
    LimitationCode,
    Plan,
    Preparation,
    Refusal,
    RefusalCode,
    WarningCode,
)
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.safety import refusals
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth, reaches


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What a person asked for, over the policy. `named`: they gave this very path. `psid`: they
    typed the password that is printed on the drive's label."""

    technique: Technique | None = None
    verify: VerifyDepth | None = None
    named: bool = False
    psid: str = field(default="", repr=False)


def plan_drive(
    drive: Drive,
    capabilities: Capabilities,
    policy: Policy,
    *,
    others: Iterable[Drive] = (),
    wish: PlanRequest | None = None,
    reattaches: bool = False,
) -> DrivePlan:
    """What will be done to `drive`. `others`: all drives of the PC (see safety.refusals).
    `reattaches`: a sanitize that it carries out now may be one of ours, to be gone on with. A
    technique that a person names is tried on a drive that says that it is at work."""
    wanted = wish or PlanRequest()
    goes_on = reattaches or wanted.technique is not None
    there = tuple(others)
    capabilities = with_siblings(drive, capabilities, there)
    refused = (
        *refusals(drive, policy, others=there, named=wanted.named),
        *security_refusals(capabilities),
        *_at_work(capabilities, reattaches=goes_on),
    )
    attempts = tuple(
        _attempt(drive, technique, capabilities, policy, wanted.verify or policy.verify)
        for technique in _techniques(drive, capabilities, policy, wanted)
    )
    if not attempts:
        refused = (*refused, Refusal(RefusalCode.TECHNIQUE_UNSUPPORTED, wanted.technique or ""))
    steps = preparations(capabilities, [attempt.technique for attempt in attempts], policy)
    return DrivePlan(
        drive=drive.identity,
        node=drive.node,
        attempts=() if refused else attempts,
        preparations=() if refused else steps,
        refusals=refused,
        warnings=tuple(_warnings(drive, capabilities, policy, attempts, steps, reattaches=goes_on)),
        capabilities=shown(capabilities),
    )


def plan_all(
    drives: Sequence[Drive],
    capabilities: Mapping[str, Capabilities],
    policy: Policy,
    reattaches: Collection[str] = (),
) -> Plan:
    """One plan for a PC. `capabilities` by DriveIdentity.key; a drive that is not in it can do
    nothing that is known. `reattaches`: keys (see plan_drive)."""
    if any(may_lock_by_suspend(told) for told in capabilities.values()):
        policy = replace(policy, thaw_by_suspend=False)  # a suspend is the whole PC's
    return Plan(
        drives=tuple(
            plan_drive(
                drive,
                capabilities.get(drive.identity.key, Capabilities()),
                policy,
                others=drives,
                reattaches=drive.identity.key in reattaches,
            )
            for drive in drives
        ),
        policy=policy.label,
    )


def _at_work(capabilities: Capabilities, *, reattaches: bool) -> Iterable[Refusal]:
    """Until it has ended the drive aborts whatever is tried, and its erasure would be FAILED."""
    if capabilities.sanitizing and not reattaches:
        yield Refusal(RefusalCode.SANITIZING)


def _techniques(
    drive: Drive, capabilities: Capabilities, policy: Policy, wish: PlanRequest
) -> list[Technique]:
    """Strongest claim first; within one claim, the policy's order."""
    if wish.technique is not None:
        return [wish.technique] if can(wish.technique, drive, capabilities) else []
    model = drive.identity.model
    possible = [
        technique
        for technique in dict.fromkeys(policy.order)
        if can(technique, drive, capabilities) and not policy.denies(model, technique)
    ]
    possible.sort(key=lambda technique: claim(technique, drive.media, policy) is not Method.PURGE)
    if wish.psid and can(Technique.TCG_PSID_REVERT, drive, capabilities):
        possible.insert(0, Technique.TCG_PSID_REVERT)
    return possible if policy.fallbacks else possible[:1]


def _attempt(
    drive: Drive,
    technique: Technique,
    capabilities: Capabilities,
    policy: Policy,
    verify: VerifyDepth,
) -> Attempt:
    claims = claim(technique, drive.media, policy)
    attempt = Attempt(
        technique=technique,
        claims=claims,
        verify=verify,
        expected_s=expected_s(technique, drive, capabilities, verify),
        limitations=limitations(technique, drive, capabilities, verify, claims),
    )
    return _under(policy, attempt, drive.media)


def _under(policy: Policy, attempt: Attempt, media: MediaKind) -> Attempt:
    refused = tuple(code for code in attempt.limitations if code in policy.not_accepted)
    return replace(attempt, minimum=policy.minimum.of(media), not_accepted=refused)


def read_in_full(planned: Attempt) -> Attempt:
    """More than was planned: what a sample leaves unproven is settled then."""
    limitations, not_accepted = (
        tuple(code for code in codes if code != LimitationCode.SAMPLED)
        for codes in (planned.limitations, planned.not_accepted)
    )
    return replace(
        planned, verify=VerifyDepth.FULL, limitations=limitations, not_accepted=not_accepted
    )


def today(
    drive: Drive,
    was: Attempt,
    capabilities: Capabilities,
    policy: Policy,
    verify: VerifyDepth,
) -> Attempt:
    """`was`: planned by an earlier session, under its policy and its version's rules. It claims no
    more than both rules allow, cannot prove what either cannot, and is judged by this policy."""
    now = _attempt(drive, was.technique, capabilities, policy, verify)
    left = (read_in_full(was) if verify is VerifyDepth.FULL else was).limitations
    lower = now.claims if reaches(was.claims, now.claims) else was.claims
    if policy.denies(drive.identity.model, was.technique):  # it is known not to do it
        lower = Method.NONE
    told = tuple(dict.fromkeys((*left, *now.limitations)))
    return _under(policy, replace(now, claims=lower, limitations=told), drive.media)


def _warnings(
    drive: Drive,
    capabilities: Capabilities,
    policy: Policy,
    attempts: Sequence[Attempt],
    steps: Sequence[Preparation],
    *,
    reattaches: bool,
) -> Iterable[WarningCode]:
    yield from _health_warnings(drive)
    yield from _nvme_warnings(drive, capabilities)
    attaches = Preparation.ATTACH_NAMESPACES in steps
    left = [
        beyond(attempt.technique, drive, capabilities, attaches=attaches) for attempt in attempts
    ]
    if left and all(left):
        yield WarningCode.OUT_OF_REACH
    if attempts and not any(may_succeed(attempt) for attempt in attempts):
        yield WarningCode.BELOW_POLICY
    yield from _hidden_warnings(drive, capabilities, steps)
    yield from _lock_warnings(capabilities)
    if Preparation.THAW in steps:
        yield WarningCode.FROZEN
    if Preparation.UNLOCK in steps:
        yield WarningCode.LOCKED
    if reattaches and capabilities.sanitizing:
        yield WarningCode.SANITIZING
    if any(policy.denies(drive.identity.model, technique) for technique in policy.order):
        yield WarningCode.DENIED
    if capabilities.bridged:
        yield WarningCode.BRIDGED


def _lock_warnings(capabilities: Capabilities) -> Iterable[WarningCode]:
    if has_password(capabilities):
        yield WarningCode.PASSWORD_SET
    if capabilities.opal_open is Support.YES:
        yield WarningCode.OPAL_OPEN


_SHOWS_MORE = {*UNHIDES, Preparation.ATTACH_NAMESPACES}


def _hidden_warnings(
    drive: Drive, capabilities: Capabilities, steps: Sequence[Preparation]
) -> Iterable[WarningCode]:
    if _SHOWS_MORE & set(steps):
        yield WarningCode.HIDDEN_AREA
    if may_hide(capabilities):
        yield WarningCode.MAY_HIDE
    if hides_tail(drive, capabilities):
        yield WarningCode.TAIL_OUT_OF_REACH


def may_succeed(attempt: Attempt) -> bool:
    """Whether the policy would take it for a success, if all goes well."""
    return not set(attempt.not_accepted) - KNOWN_AFTERWARDS and reaches(
        attempt.claims, attempt.minimum
    )


def _health_warnings(drive: Drive) -> Iterable[WarningCode]:
    smart = drive.smart
    if smart.health is Health.FAILING:
        yield WarningCode.HEALTH_FAILING
    elif smart.health is Health.UNKNOWN and drive.transport is not Transport.LOOP:
        yield WarningCode.HEALTH_UNKNOWN
    if smart.pending_sectors:
        yield WarningCode.PENDING_SECTORS
    if smart.reallocated_sectors:
        yield WarningCode.REALLOCATED_SECTORS


def _nvme_warnings(drive: Drive, capabilities: Capabilities) -> Iterable[WarningCode]:
    if drive.transport is not Transport.NVME:
        return
    nvme = capabilities.nvme
    if nvme is None or nvme.format is Support.UNKNOWN:
        yield WarningCode.FORMAT_UNKNOWN
    if nvme is None:
        return
    several = max(nvme.namespaces or 1, nvme.namespaces_allocated or 1) > 1
    if several and not formats_one_by_one(nvme):
        yield WarningCode.FORMAT_SEVERAL_NAMESPACES
    if nvme.unallocated_bytes:
        yield WarningCode.UNALLOCATED_CAPACITY
