"""Who erased and who validates: names, titles, dates, places and room for two signatures."""

from __future__ import annotations

from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer, TableStyle

from reprise import wording
from reprise.documents import parts, style
from reprise.documents.tagged_parts import DataTable, Words
from reprise.documents.text import bold
from reprise.domain.report.events import Operator
from reprise.domain.report.report import Report
from reprise.i18n import _, pgettext

_GAP = 6 * mm
_LABEL = 23 * mm
_LEFT, _RIGHT = (0, 1), (3, 4)  # columns of the two boxes; column 2 is the gap


def people_flowables(report: Report) -> list[Flowable]:
    """The two boxes. What the report does not know is left blank, to be filled in by hand."""
    who = report.operator
    date = wording.moment(report.clock.sealed_at) if report.clock.trusted else ""
    rows = (
        (_("Name"), who.name),
        (_("Title"), ""),
        (_("Organisation"), who.organisation),
        (_("Place"), who.place),
        (_("Date"), date),
        (_("Contact"), ""),
    )
    heads = (_("Erasure and verification"), _("Validation – pending: accepted / refused"))
    cells: list[list[Any]] = [
        [Words(bold(heads[0]), style.BODY), "", "", Words(bold(heads[1]), style.BODY), ""]
    ]
    for label, value in rows:
        name = parts.text(label, style.LABEL)
        cells.append([name, parts.text(value, style.VALUE), "", name, ""])
    signature = parts.text(_("Signature"), style.LABEL)
    cells.append([signature, Spacer(0, 14 * mm), "", signature, ""])
    value_width = (style.WIDTH - _GAP) / 2 - _LABEL
    table = DataTable(cells, colWidths=[_LABEL, value_width, _GAP, _LABEL, value_width])
    table.heads, table.labels = 1, (_LEFT[0], _RIGHT[0])
    table.setStyle(TableStyle([*_box(*_LEFT), *_box(*_RIGHT), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return [KeepTogether([*parts.heading(_("People")), table])]


def donor_fact(who: Operator) -> parts.Fact:
    told = parts.given(_("Source (donor)"), who.donor, pgettext("source", "not given"))
    return parts.lacking(told, pgettext("source", "unknown"))


def _box(first: int, last: int) -> list[tuple[Any, ...]]:
    everywhere = ((first, 0), (last, -1))
    return [
        ("SPAN", (first, 0), (last, 0)),
        ("BACKGROUND", (first, 0), (last, 0), style.PAPER),
        ("BOX", *everywhere, 0.5, style.RULE),
        ("LINEBELOW", (first, 0), (last, -2), 0.3, style.RULE),
        ("LEFTPADDING", *everywhere, 4),
        ("RIGHTPADDING", *everywhere, 4),
        ("TOPPADDING", *everywhere, 2.5),
        ("BOTTOMPADDING", *everywhere, 3),
    ]
