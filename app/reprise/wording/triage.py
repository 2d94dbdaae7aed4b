"""The msgid of what the station says of a PC before it is erased: what to do with it, and why."""

from __future__ import annotations

from collections.abc import Mapping

from reprise.domain.pc.impact import Impact, ImpactGap, PcKind
from reprise.domain.pc.triage import Advice, Age, AgeSign, TriageCode, TriageReason
from reprise.i18n import N_, ngettext
from reprise.i18n import _ as translate
from reprise.wording.formats import decimal, number, percent

ADVICE: Mapping[Advice, str] = {
    Advice.KEEP: N_("KEEP"),
    Advice.PARTS: N_("FOR PARTS"),
    Advice.RECYCLE: N_("RECYCLE"),
}

REASONS: Mapping[TriageCode, str] = {
    TriageCode.TOO_OLD: N_("At least {value} years old: over {limit}, the law says recycling."),
    TriageCode.PERHAPS_TOO_OLD: N_(
        "Perhaps over {limit} years old: look for a date on its label (the law says recycling)."
    ),
    TriageCode.MEMORY_TOO_SMALL: N_("Too little memory: {value} GiB, at least {limit} are needed."),
    TriageCode.MEMORY_SMALL: N_("Little memory: {value} GiB. Bring it to {limit} GiB."),
    TriageCode.TOO_FEW_CORES: N_("Weak processor: cores: {value}, at least {limit} are needed."),
    TriageCode.DRIVE_FAILING: N_("{what} is failing: replace it."),
    TriageCode.DRIVE_WORN: N_("{what} is worn ({share} of its life used): replace it."),
    TriageCode.NO_DRIVE: N_("No drive inside: put one in."),
    TriageCode.BATTERY_WORN: N_("Battery {what} is worn ({share} left): replace it."),
    TriageCode.AGE_UNKNOWN: N_("Age unknown: neither processor nor BIOS tells it."),
    TriageCode.MEMORY_UNKNOWN: N_("The size of the memory is unknown."),
    TriageCode.CORES_UNKNOWN: N_("The number of cores is unknown."),
    TriageCode.HEALTH_UNKNOWN: N_("The health of {what} is unknown."),
    TriageCode.BATTERY_UNKNOWN: N_("The health of battery {what} is unknown."),
}

# Of the only battery.
_ONLY_ONE: Mapping[TriageCode, str] = {
    TriageCode.BATTERY_WORN: N_("The battery is worn ({share} left): replace it."),
    TriageCode.BATTERY_UNKNOWN: N_("The health of the battery is unknown."),
}

GAPS: Mapping[ImpactGap, str] = {
    ImpactGap.CHASSIS_UNKNOWN: N_("no figure: the PC does not say what kind it is"),
    ImpactGap.CHASSIS_WITHOUT_FACTOR: N_("no figure: there is no reference for this kind of PC"),
}

KINDS: Mapping[PcKind, str] = {PcKind.LAPTOP: N_("laptop"), PcKind.DESKTOP: N_("desktop")}

_AVOIDED = N_(
    "{low} to {high} kg of CO2e avoided (central value: {central}) if it is used for {least} to"
    " {most} more years ({source})"
)


def triage_reason(reason: TriageReason) -> str:
    """One reason, as a sentence."""
    named = REASONS[reason.code]
    return translate(named if reason.what else _ONLY_ONE.get(reason.code, named)).format(
        value=_amount(reason.value),
        share=percent(reason.value or 0, 100),
        limit=_amount(reason.limit),
        what=reason.what,
    )


SIGNS: Mapping[AgeSign, str] = {
    AgeSign.BIOS: N_("from the date of the BIOS"),
    AgeSign.PROCESSOR: N_("from its processor"),
}
_SOLD = N_("from its processor ({generation}, sold from {first} to {last})")
_STILL_SOLD = N_("from its processor ({generation}, sold since {first})")
TABLES = (ADVICE, REASONS, GAPS, KINDS, SIGNS)


def age(value: Age) -> str:
    """Whole years: no sign says more. With what gave it."""
    years = round(value.central_years)
    words = ngettext(
        "about {years} year (between {low} and {high}), {sign}",
        "about {years} years (between {low} and {high}), {sign}",
        years,
    )
    low, high = int(value.low_years), round(value.high_years)
    return words.format(years=years, low=low, high=high, sign=_sign(value))


def _sign(value: Age) -> str:
    if value.sign is not AgeSign.PROCESSOR:
        return translate(SIGNS[value.sign])
    words = translate(_STILL_SOLD if value.last_year is None else _SOLD)
    return words.format(generation=value.generation, first=value.first_year, last=value.last_year)


def impact(value: Impact) -> str:
    """The range with its source, or why there is none."""
    if value.avoided is None:
        return translate(GAPS[value.gap or ImpactGap.CHASSIS_UNKNOWN])
    avoided = value.avoided
    return translate(_AVOIDED).format(
        low=number(avoided.low_kgco2e),
        central=number(avoided.central_kgco2e),
        high=number(avoided.high_kgco2e),
        least=_amount(avoided.low_years),
        most=_amount(avoided.high_years),
        source=value.source,
    )


def _amount(value: float | None) -> str:
    if value is None:
        return ""
    return number(int(value)) if value == int(value) else decimal(value)
