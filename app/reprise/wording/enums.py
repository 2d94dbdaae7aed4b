"""The text of any member of a domain enum. A unit test fails where one has none."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from reprise.i18n import _ as translate
from reprise.wording import (
    check_tables,
    codes,
    connectivity,
    delivery,
    drives,
    implausible,
    install,
    machines,
    network,
    observations,
    outcome,
    plan,
    refusals,
    remembered,
    triage,
    verdicts,
    volumes,
)
from reprise.wording.codes import code

_TABLES: tuple[Mapping[Any, str], ...] = (
    *drives.TABLES,
    *plan.TABLES,
    *refusals.TABLES,
    *verdicts.TABLES,
    *observations.TABLES,
    *install.TABLES,
    *outcome.TABLES,
    *delivery.TABLES,
    *implausible.TABLES,
    *codes.FREE,
    *triage.TABLES,
    *check_tables.TABLES.values(),
    *network.TABLES,
    *connectivity.TABLES,
    *volumes.TABLES,
    *machines.TABLES,
    *remembered.TABLES,
)
# What each member of each enum is called; a test walks the domain and looks here. Only the values
# of those in `codes.FREE` are free codes, too: the others' may mean something else there.
ALL: Mapping[type[Enum], Mapping[Any, str]] = {type(next(iter(table))): table for table in _TABLES}


def word(member: Enum) -> str:
    """The text of any member of a domain enum."""
    msgid = ALL.get(type(member), {}).get(member)
    return code(str(member.value)) if msgid is None else translate(msgid)
