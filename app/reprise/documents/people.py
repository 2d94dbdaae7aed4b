"""Who erased and who validates: names, titles, dates, places and room for two signatures."""

from __future__ import annotations

from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table, TableStyle

from reprise import wording
from reprise.documents import parts, style
from reprise.documents.text import _, bold
from reprise.domain.report import Report

_BLANK = "\u00a0"


def _box(heading: str, rows: list[tuple[str, str]]) -> list[list[Any]]:
    lines: list[list[Any]] = [[Paragraph(bold(heading), style.BODY), ""]]
    lines += [
        [parts.text(label, style.LABEL), parts.text(value or _BLANK, style.VALUE)]
        for label, value in rows
    ]
    lines.append([parts.text(_("Signature"), style.LABEL), Spacer(0, 13 * mm)])
    return lines


def _table(lines: list[list[Any]]) -> Table:
    width = style.WIDTH / 2 - 3 * mm
    table = Table(lines, colWidths=[24 * mm, width - 24 * mm])
    table.setStyle(
        TableStyle(
            [
                ("SPAN", (0, 0), (-1, 0)),
                ("BACKGROUND", (0, 0), (-1, 0), style.PAPER),
                ("BOX", (0, 0), (-1, -1), 0.5, style.RULE),
                ("LINEBELOW", (0, 0), (-1, -2), 0.3, style.RULE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
                ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return table


def people_flowables(report: Report) -> list[Flowable]:
    """The two boxes. What the report does not know is left blank, to be filled in by hand."""
    who = report.operator
    sealed = wording.moment(report.clock.sealed_at)
    date = sealed if report.clock.trusted else ""
    erasure = _box(
        _("Erasure and verification"),
        [
            (_("Name"), who.name),
            (_("Title"), ""),
            (_("Organisation"), who.organisation),
            (_("Place"), who.place),
            (_("Date"), date),
            (_("Contact"), ""),
        ],
    )
    validation = _box(
        _("Validation (decision: pending)"),
        [
            (_("Name"), ""),
            (_("Title"), ""),
            (_("Organisation"), ""),
            (_("Place"), ""),
            (_("Date"), ""),
            (_("Decision"), _("accepted / refused (strike out)")),
        ],
    )
    half = style.WIDTH / 2
    side_by_side = Table([[_table(erasure), _table(validation)]], colWidths=[half, half])
    side_by_side.setStyle(
        TableStyle(
            [
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("ALIGN", (0, 0), (0, 0), "LEFT"),
                ("ALIGN", (1, 0), (1, 0), "RIGHT"),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    return [KeepTogether([parts.text(_("People"), style.HEADING), side_by_side])]
