"""What this server may drop, each by a rule of its own: within which bounds somebody chooses how
long it is kept, how much is over, and how it goes. What no rule names is not dropped by them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from reprise.server.enrolments.services import count_old_codes, forget_old_codes
from reprise.server.papers.sweeping import count_unused, forget_unused
from reprise.server.people.housekeeping import (
    count_old_invitations,
    count_old_tokens,
    count_unused_accounts,
    forget_old_invitations,
    forget_old_tokens,
)

SERVER = 0  # in the place of an organisation's number


@dataclass(frozen=True, slots=True)
class Rule:
    """All in days. `of_server`: the server's data, no organisation's. `count`, `forget`: of an
    organisation (or SERVER), what was over before that moment; `forget` None: nothing goes by
    itself, a person is asked."""

    key: str
    default: int
    least: int
    most: int
    count: Callable[[int, datetime], int]
    forget: Callable[[int, datetime], None] | None
    of_server: bool = False


RULES = (
    Rule("invitations", 30, 7, 365, count_old_invitations, forget_old_invitations),
    # a station that never heard the answer comes through with the same code meanwhile
    Rule("codes", 365, 30, 3650, count_old_codes, forget_old_codes),
    Rule("tokens", 365, 30, 3650, count_old_tokens, forget_old_tokens),
    Rule("accounts", 365, 90, 1825, count_unused_accounts, None),
    # their use is known to a day
    Rule("papers", 365, 2, 3650, count_unused, forget_unused, of_server=True),
)


def rules_of(whose: int) -> tuple[Rule, ...]:
    return tuple(rule for rule in RULES if rule.of_server == (whose == SERVER))
