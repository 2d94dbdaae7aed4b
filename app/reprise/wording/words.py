"""Enum -> text, in the language in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from reprise.domain.capabilities import Support
from reprise.domain.events import Observation, ObservationKind
from reprise.domain.hardware import Health, MediaKind, Transport
from reprise.domain.lifecycle import DriveState
from reprise.domain.plan import Preparation, Refusal, RefusalCode
from reprise.domain.scope import STICK_CODES
from reprise.domain.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.i18n import N_
from reprise.i18n import _ as translate
from reprise.system_words import system_words
from reprise.wording import check_tables, flow, network, tables, triage, volumes
from reprise.wording.codes import CODES, FREE
from reprise.wording.details import DETAILS
from reprise.wording.formats import number

_PAIR = N_("{name}: {value}")

# What each member of each enum is called; a test walks the domain and looks here.
ALL: Mapping[type[Enum], Mapping[Enum, str]] = {
    **tables.TABLES,
    **FREE,
    **flow.TABLES,
    **triage.TABLES,
    **check_tables.TABLES,
    **network.TABLES,
    **volumes.TABLES,
}


def word(member: Enum) -> str:
    """The text of any member of a domain enum."""
    msgid = ALL.get(type(member), {}).get(member)
    return code(str(member.value)) if msgid is None else translate(msgid)


def code(text: str) -> str:
    """The text of a free code: a reason, limitation, warning or cause.

    "code:data" keeps its data: "code" is given words, the rest follows as it is.
    """
    head, colon, data = text.partition(":")
    msgid = CODES.get(text) or CODES.get(head)
    if msgid is None:
        return text
    if text in CODES or not colon:
        return translate(msgid)
    return f"{translate(msgid)} ({system_words(data.strip())})"


def verdict(value: Verdict | None) -> str:
    """None: the attempt did not come to its end."""
    if value is None:
        return translate(tables.STATES[DriveState.INTERRUPTED])
    return translate(tables.VERDICTS[value])


def state(value: DriveState) -> str:
    return translate(tables.STATES[value])


def technique(value: Technique) -> str:
    return translate(tables.TECHNIQUES[value])


def method(value: Method) -> str:
    return translate(tables.METHODS[value])


def method_gloss(value: Method) -> str:
    """A plain sentence part on what the method protects against."""
    return translate(tables.METHOD_GLOSSES[value])


def depth(value: VerifyDepth) -> str:
    return translate(tables.DEPTHS[value])


def health(value: Health) -> str:
    return translate(tables.HEALTHS[value])


def transport(value: Transport) -> str:
    return translate(tables.TRANSPORTS[value])


def media(value: MediaKind) -> str:
    return translate(tables.MEDIA[value])


def support(value: Support) -> str:
    return translate(tables.SUPPORTS[value])


def preparation(value: Preparation) -> str:
    return translate(tables.PREPARATIONS[value])


def refusal(value: Refusal | RefusalCode) -> str:
    """Why a drive is not touched, with the mount point or holder where it is known."""
    if isinstance(value, RefusalCode):
        return translate(tables.REFUSALS[value])
    text = translate(tables.REFUSALS[value.code])
    detail = value.detail
    if value.code in STICK_CODES:
        detail = ", ".join(code(sign) for sign in detail.split(",") if sign)
    if value.code is RefusalCode.SECURITY_LOCKED:
        detail = ""  # the steps that were tried: in the report
    return f"{text} ({detail})" if detail else text


def refusals(found: Iterable[Refusal]) -> list[str]:
    """Why a drive is not touched, one text a reason; of a Reprise stick that alone: that it is also
    mounted, on USB … explains nothing."""
    reasons = list(found)
    ours = [reason for reason in reasons if reason.code in STICK_CODES]
    return [refusal(reason) for reason in ours[:1] or reasons]


def observation(value: Observation | ObservationKind) -> str:
    """What was seen, with its names and numbers."""
    if isinstance(value, ObservationKind):
        return translate(tables.OBSERVATIONS[value])
    text = translate(tables.OBSERVATIONS[value.kind])
    detail = _detail(value.detail)
    return f"{text} ({detail})" if detail else text


def _detail(pairs: Mapping[str, str | int | float]) -> str:
    shown = translate(_PAIR)
    return ", ".join(
        shown.format(
            name=translate(DETAILS[name]) if name in DETAILS else name,
            value=number(value) if isinstance(value, int) else code(str(value)),
        )
        for name, value in pairs.items()
    )
