"""What the certificate says of its dates, and of the system that was installed afterwards."""

from __future__ import annotations

from reportlab.platypus import Flowable

from reprise import wording
from reprise.documents import parts
from reprise.documents.parts import Fact
from reprise.domain.report.report import Report
from reprise.domain.report.told import installed_on
from reprise.i18n import _


def afterwards(report: Report) -> list[Flowable]:
    story: list[Flowable] = []
    if not report.clock.trusted:
        story += parts.heading(_("Dates"))
        words = _(
            "The clock of this computer was not synchronised: the dates above may be wrong. The"
            " durations come from a clock that cannot be set and are right."
        )
        story.append(parts.text(words))
    install = report.install
    if install is None:
        return story
    drive = installed_on(report)
    state = {None: _("not finished"), True: _("installed"), False: _("failed")}[install.ok]
    where = (drive.identity.serial if drive else None) or install.node
    rows: list[Fact] = [
        (_("System"), wording.system(install.image, install.image_version), state),
        (_("On drive"), where, ""),
    ]
    if install.detail:
        rows.append((_("Detail"), wording.code(install.detail), ""))
    return [
        *story,
        *parts.heading(_("Installed afterwards")),
        parts.facts(rows, _("unknown"), columns=1),
    ]
