"""What cannot be true of a report, and what its station left out of it: sentences for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reprise.domain.planning.techniques import Technique
from reprise.domain.report.plausibility import Doubt, DoubtCode
from reprise.domain.report.report import Shortened
from reprise.i18n import N_
from reprise.i18n import _ as translate
from reprise.wording.formats import duration, few, moment, number, size, throughput
from reprise.wording.plan import technique

_DOUBTS: Mapping[DoubtCode, str] = {
    DoubtCode.TOO_FAST: N_("{amount} in {time} ({rate}): no drive is that fast"),
    DoubtCode.TOO_LONG: N_("an attempt took {time}, longer than the whole session"),
    DoubtCode.TOO_MUCH: N_("{amount} were written or read: more than the drive holds"),
    DoubtCode.NEGATIVE: N_("a figure is below zero: {figure}"),
    DoubtCode.NO_SIZE: N_("it is said to be erased, and to hold no byte at all"),
    DoubtCode.TOO_LARGE: N_("{amount}: no drive is that large"),
    DoubtCode.OTHER_COMMANDS: N_("a drive of this kind has no such command: {technique}"),
    DoubtCode.CANNOT: N_("the drive itself says that it has no such command: {technique}"),
    DoubtCode.CLAIMS_MORE: N_("more is claimed than this technique can reach: {technique}"),
    DoubtCode.NO_DATE: N_("this is no date: “{word}”"),
    DoubtCode.FUTURE: N_("a date lies after the day on which the report came: {date}"),
    DoubtCode.TOO_EARLY: N_("a date lies before there was any Reprise: {date}"),
    DoubtCode.BACKWARDS: N_("the report was sealed before its work began: {date}"),
    DoubtCode.NO_TIME: N_("an impossible duration: {seconds} s"),
}
TABLES = (_DOUBTS,)

_OF_A_DRIVE = N_("{drive}: {doubt}")
_PART = N_("{place}: {kept} of {all}")
_MOST_WORD = 60  # characters of a word that may be any text
_SHOWN = 20  # sentences


def doubts(found: Sequence[Doubt]) -> tuple[str, ...]:
    """One sentence each, of the first; how many more there are stands behind them."""
    return few([_doubt(one) for one in found], _SHOWN)


def left_out(parts: Sequence[Shortened]) -> tuple[str, ...]:
    """Places in the report, as its JSON names them."""
    counted = translate(_PART)
    told = [
        counted.format(place=one.where, kept=number(one.kept), all=number(one.of))
        if one.of
        else one.where
        for one in parts
    ]
    return few(told, _SHOWN)


def _doubt(one: Doubt) -> str:
    known = one.word in set(Technique)
    text = translate(_DOUBTS[one.code]).format(
        amount=size(one.amount),
        time=duration(one.seconds),
        rate=throughput(one.amount / max(one.seconds, 1.0)),
        figure=number(one.amount),
        seconds=f"{one.seconds:g}",
        technique=technique(Technique(one.word)) if known else "",
        word=one.word[:_MOST_WORD],
        date=moment(one.word),
    )
    if not one.drive:
        return text
    return translate(_OF_A_DRIVE).format(drive=one.drive[:_MOST_WORD], doubt=text)
