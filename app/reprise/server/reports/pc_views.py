"""What the page of a PC shows of it and of its reports: texts in the language in force."""

from __future__ import annotations

from reprise import wording
from reprise.i18n import _
from reprise.server.reports.telling import ToldPc, ToldReport
from reprise.server.reports.views import Facts, known


def pc_facts(pc: ToldPc) -> Facts:
    return known(
        (_("UUID"), pc.uuid),
        (_("Chassis"), wording.chassis(pc.chassis)),
        (_("Reports"), f"{len(pc.reports)}+" if pc.more else str(len(pc.reports))),
    )


def report_facts(report: ToldReport, station: str) -> Facts:
    return known(
        (_("Asset tag"), report.asset_tag),
        (_("Lot"), report.lot),
        (_("Donor"), report.donor),
        (_("Station"), station),
    )


def newest(pc: ToldPc) -> ToldReport:
    """The report that the PC is listed under."""
    return next((one for one in pc.reports if one.superseded_by is None), pc.reports[0])
