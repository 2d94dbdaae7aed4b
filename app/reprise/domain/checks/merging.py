"""Which result of a check counts, and what stands where nobody made it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reprise.domain.checks.catalogue import SAID_REASONS, CheckId, CheckReason
from reprise.domain.checks.results import CheckResult, CheckStatus
from reprise.domain.pc.hardware import Inventory


def not_fitted(check: CheckId) -> CheckResult:
    return CheckResult(
        check=check, status=CheckStatus.NOT_APPLICABLE, reason=CheckReason.NOT_FITTED
    )


def settled(result: CheckResult, inventory: Inventory) -> CheckResult:
    """A part that was not found is no fault of a PC that need not have it."""
    absent = result.status is CheckStatus.UNKNOWN and result.reason is CheckReason.NONE_FOUND
    if absent and not result.check.spec.expected(inventory):
        return replace(result, status=CheckStatus.NOT_APPLICABLE)
    return result


def kept(before: CheckResult | None, result: CheckResult) -> CheckResult:
    """Of one check: the newest, but a failure that lasts stays whatever comes after, and what may
    not be set aside is not skipped."""
    if result.status is CheckStatus.SKIPPED and not may_be_set_aside(before):
        return before or result
    if before is None or before.status is not CheckStatus.FAILED:
        return result
    measured = before.reason not in SAID_REASONS
    return before if measured and result.check.spec.lasting else result


def merged(before: Iterable[CheckResult], result: CheckResult) -> tuple[CheckResult, ...]:
    """One result a check: see kept."""
    known = {earlier.check: earlier for earlier in before}
    known[result.check] = kept(known.get(result.check), result)
    return tuple(known[check] for check in CheckId if check in known)


def may_be_set_aside(known: CheckResult | None) -> bool:
    """Whether a check of which this is known may be recorded as skipped: what was not made, and
    what a person called faulty, by mistake perhaps; nothing that was measured or has passed, nor
    what is skipped already."""
    return known is None or known.status is CheckStatus.UNKNOWN or known.reason in SAID_REASONS


def complete(results: Iterable[CheckResult], inventory: Inventory) -> tuple[CheckResult, ...]:
    """One result for each check of the catalogue: what nobody made is UNKNOWN, or not applicable
    on such a PC."""
    known = {result.check: result for result in results}
    return tuple(known.get(check) or _without(check, inventory) for check in CheckId)


def _without(check: CheckId, inventory: Inventory) -> CheckResult:
    if not check.spec.applies(inventory):
        return not_fitted(check)
    return CheckResult(check=check, status=CheckStatus.UNKNOWN, reason=CheckReason.NOT_DONE)
