"""What a function check asks for and has seen, as screens and plain lines say it."""

from __future__ import annotations

from collections.abc import Sequence

from reprise.domain.checks.catalogue import SKIP_REASONS, MeasureName
from reprise.domain.checks.results import CheckProgress
from reprise.i18n import _
from reprise.wording.checks import check_reason, key_names

_SAID = 8  # missing keys by name


def pc_not_read() -> str:
    return _("This PC is still being read: its functions can be checked then.")


def report_signed() -> str:
    return _("The report of this PC is signed: nothing can be added to it.")


def skip_reasons() -> list[str]:
    """In the order of SKIP_REASONS, whose last one a person says in words."""
    return [*map(check_reason, SKIP_REASONS[:-1]), _("another reason…")]


def keys_not_seen(missing: Sequence[str]) -> str:
    """`missing`: kernel names of keys."""
    told = key_names(", ".join(missing[:_SAID])) + (", …" if len(missing) > _SAID else "")
    return _("Not seen ({count}): {keys}").format(count=len(missing), keys=told)


def where_keys_are_absent() -> str:
    return _("F6 where this keyboard does not have these keys at all.")


def how_to_try_ports() -> str:
    return _(
        "Plug a stick or a mouse into one port after the other; the Reprise stick stays where"
        " it is and counts. F4 once all ports were tried and seen; F8 where one sees nothing."
    )


def ports_seen(progress: CheckProgress) -> str:
    """Of how many, where the firmware counts them."""
    whole = (measure.value for measure in progress.measures if measure.name is MeasureName.PORTS)
    seen, ports = len(progress.seen), next(whole, None)
    if ports is None:
        return _("Ports seen: {seen}").format(seen=seen)
    return _("Ports seen: {seen} of {all}").format(seen=seen, all=ports)
