"""The erasure certificate: one signed report -> one PDF, in French or English.

Page one is the certificate proper (verdict, PC, drives, people); what follows is its evidence. A
report with any drive that is not verified is titled and coloured as such: it never looks like a
certificate of success. Pure and deterministic: the same report gives the same bytes.
"""

from __future__ import annotations

from io import BytesIO

from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    PageBreak,
    PageTemplate,
    Spacer,
)

from reprise import codec, i18n, wording
from reprise.documents import parts, style
from reprise.documents.checks import checks_flowables
from reprise.documents.dates_and_system import afterwards
from reprise.documents.doubts import doubt_flowables
from reprise.documents.drives import drive_flowables, drive_symbol, drive_words, few_reasons
from reprise.documents.pages import numbered_canvas
from reprise.documents.parts import Fact
from reprise.documents.people import donor_fact, people_flowables
from reprise.documents.proof import SignatureFacts, proof_flowables, qr_text, signature_words
from reprise.documents.tagged_parts import Words
from reprise.documents.text import escaped, lacks_glyphs, register_fonts, visible
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.report.one_session import word_of
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import DEMO_SCHEMA, SCHEMA, Report
from reprise.domain.report.report_outcome import (
    own_records,
    proven,
    report_outcome,
    unreached_storage,
)
from reprise.domain.report.shortening import brief
from reprise.domain.report.told import ToldDrive, records
from reprise.i18n import _, pgettext
from reprise.wording.outcome import report_title


def certificate_pdf(report: Report, *, lang: str, proof: SignatureFacts | None) -> bytes:
    """The PDF of `report` in `lang` ("fr" or "en"; anything else is French).

    `proof` None: the bytes were never signed, and the document says so. Raises ValueError for
    another document than a report: a demonstration gets no certificate (see specimen_pdf).
    """
    if report.schema != SCHEMA:
        raise ValueError(f"no document is made of {report.schema}")
    return _pdf(report, lang, proof)


def specimen_pdf(report: Report, *, lang: str) -> bytes:
    """What the certificate of a demonstration would be, stamped SPECIMEN across each page. Nothing
    in it refers to a signature. Raises ValueError for what is no demonstration."""
    if report.schema != DEMO_SCHEMA:
        raise ValueError(f"no specimen is made of {report.schema}")
    return _pdf(report, lang, None)


def _pdf(report: Report, lang: str, proof: SignatureFacts | None) -> bytes:
    register_fonts()
    with i18n.using(lang):
        return _build(brief(report), lang, proof)


def _build(report: Report, lang: str, proof: SignatureFacts | None) -> bytes:
    out = BytesIO()
    title = report_title(report)
    document = BaseDocTemplate(
        out,
        pagesize=style.PAGE,
        pageTemplates=[PageTemplate(frames=[_frame()])],
        title=f"{title} – {visible(_machine_name(report))}",
        author=f"Reprise {report.station.version}",
        subject=report.report_id,
        creator="Reprise",
        lang="fr-FR" if lang == "fr" else "en-GB",
        invariant=1,
    )
    footer = _("Report {id} – the signed JSON report is authoritative").format(id=report.report_id)
    stamp = ""
    if report.schema == DEMO_SCHEMA:
        footer, stamp = _("A demonstration: no drive was erased, nothing is proven"), _("SPECIMEN")
    document.build(
        _story(report, title, proof),
        canvasmaker=numbered_canvas(footer, _("Page {page} of {pages}"), stamp),
    )
    return out.getvalue()


def _frame() -> Frame:
    """The whole page between margins and footer, without reportlab's own padding."""
    return Frame(style.MARGIN, style.FOOT, style.WIDTH, style.HEIGHT, 0, 0, 0, 0)


def _story(report: Report, title: str, proof: SignatureFacts | None) -> list[Flowable]:
    story: list[Flowable] = [_header(report, title, proof), Spacer(0, 5)]
    if report.schema == DEMO_SCHEMA:
        story += [_specimen(), Spacer(0, 5)]
    elif proof is None or not proof.verified:
        story += [_unchecked(proof), Spacer(0, 5)]
    if proof is not None and proof.superseded_by:
        story += [_superseded(proof.superseded_by), Spacer(0, 5)]
    elif word_of(report).left:
        story += [_left(report), Spacer(0, 5)]
    story += doubt_flowables(report, proof)
    story.append(_verdict(report))
    story += [*parts.heading(_("Computer")), _computer(report)]
    story += parts.headed(_("Drives"), _summary(report))
    told = wording.unreached(unreached_storage(report)) + wording.statements(report.stated)
    if told:
        story += [Spacer(0, 4), *parts.bullets(list(told))]
    story += people_flowables(report)
    if records(report):
        story += [PageBreak(), *parts.heading(_("Details of each drive"))]
    for number, record in enumerate(records(report), start=1):
        story += drive_flowables(report, record, number)
    story += checks_flowables(report)
    story += afterwards(report)
    story += proof_flowables(report, proof)
    if lacks_glyphs(codec.to_json(report).decode()):
        words = _("‹U+…› stands for a character that this document's font cannot draw.")
        story += [Spacer(0, 4), parts.text(words, style.SMALL)]
    return story


def _machine_name(report: Report) -> str:
    return report.inventory.machine.name or _("unknown computer")


def _coloured(title: str, outcome: Outcome) -> Flowable:
    if outcome is Outcome.ERASED:
        return parts.text(title, style.TITLE)
    markup = f'<font color="{parts.hex_colour(outcome)}">{escaped(title)}</font>'
    return Words(markup, style.TITLE)


def _header(report: Report, title: str, proof: SignatureFacts | None) -> Flowable:
    machine = report.inventory.machine
    lines = [
        _("Serial number") + " " + (machine.serial or _("unknown")),
        _("Asset tag") + f" {report.operator.asset_tag}" if report.operator.asset_tag else "",
    ]
    left = [
        parts.text(report.operator.organisation or "Reprise", style.SUBTITLE),
        Spacer(0, 3),
        _coloured(title, report_outcome(report)),
        Spacer(0, 4),
        parts.text(_machine_name(report), style.MACHINE),
        parts.text(" – ".join(line for line in lines if line), style.SUBTITLE),
    ]
    code = parts.QrCode(qr_text(report, proof), _("QR code: {text}"))
    return parts.side_by_side(left, code, (style.WIDTH - code.width, code.width))


def _count(report: Report) -> str:
    own = own_records(report)
    done = sum(proven(record).state is DriveState.SANITIZED for record in own)
    return _("Drives erased and verified: {done} of {count}").format(done=done, count=len(own))


def _verdict(report: Report) -> Flowable:
    outcome = report_outcome(report)
    if outcome is Outcome.NO_DRIVE:
        nothing = _("This computer holds no drive that could be erased.")
        return parts.band(outcome, _("No drive erased"), nothing)
    if outcome is Outcome.ERASED:
        detail = _("What cannot be proven is stated per drive.")
        if report.stated:
            detail = _(
                "What cannot be proven is stated per drive, and what rests on the "
                "operator's statement below their table."
            )
        return parts.band(outcome, _count(report), detail)
    words = {
        Outcome.FAILED: _("FAILED – do not release this computer"),
        Outcome.UNVERIFIED: _("NOT VERIFIED – do not release this computer"),
        Outcome.INTERRUPTED: _("INCOMPLETE – do not release this computer"),
        Outcome.INCOMPLETE: _("INCOMPLETE – do not release this computer"),
    }[outcome]
    detail = _("{count}. This document certifies nothing for the other drives.")
    if unreached_storage(report):
        detail = _(
            "{count}. This document certifies nothing for the drives that this computer may hold"
            " out of reach, nor for any other."
        )
    return parts.band(outcome, words, detail.format(count=_count(report)))


def _unchecked(proof: SignatureFacts | None) -> Flowable:
    headline = _("Signature: {state}").format(state=signature_words(proof))
    detail = _("Until the signature of the report is checked, this document proves nothing.")
    return parts.band(Outcome.UNVERIFIED, headline, detail)


def _specimen() -> Flowable:
    headline = _("SPECIMEN: a demonstration made this document")
    detail = _("This computer and its drives are made up. No drive was erased, nothing is proven.")
    return parts.band(Outcome.FAILED, headline, detail)


def _superseded(other: str) -> Flowable:
    detail = _(
        "It was made from an interrupted journal; the session went on and another report tells of "
        "it:"
    )
    headline = _("This report does not count.")
    return parts.band(Outcome.FAILED, headline, f"{detail} {other}")


def _left(report: Report) -> Flowable:
    headline = _("Made at a later start, from an interrupted journal")
    detail = _(
        "The power was cut, or the stick was pulled and the session went on without it. If the"
        " session's own report exists, that one counts, and this one does not."
    )
    number = _("Its number: {id}.").format(id=report.left_of) if report.left_of else ""
    return parts.band(Outcome.INCOMPLETE, headline, " ".join((detail, number)).strip())


def _computer(report: Report) -> Flowable:
    machine, who = report.inventory.machine, report.operator
    unknown, absent = report.inventory.unknown, _("not given")
    firmware = wording.join(wording.firmware(machine.firmware))

    def read(label: str, value: str | None, name: str) -> Fact:
        if value:
            return (label, value, "")
        reason = unknown.get(f"machine.{name}")
        return (
            label,
            None,
            _("no reason given") if reason is None else wording.code(reason),
        )

    rows = [
        read(_("Manufacturer"), machine.maker, "maker"),
        read(_("Model"), machine.model, "model"),
        read(_("Serial number"), machine.serial, "serial"),
        read("UUID", machine.uuid, "uuid"),
        read(_("BIOS / UEFI"), firmware or None, "firmware.version"),
        parts.given(_("Asset tag"), who.asset_tag, absent),
        donor_fact(who),
        parts.given(_("Lot"), who.lot, absent),
        parts.given(_("Organisation"), who.organisation, absent),
        parts.given(_("Place"), who.place, absent),
    ]
    return parts.facts(rows, _("unknown"))


def _row(number: int, record: ToldDrive) -> list[object]:
    facts = record.facts
    who = record.identity
    last = record.attempts[-1] if record.attempts else None
    kind = wording.media(facts.media) if facts else ""
    serial = who.serial or who.wwn or _("unknown")
    name = [
        parts.text(who.model or _("unknown model"), style.CELL),
        parts.text(_("S/N") + f" {serial}", style.CELL),
        parts.text(kind, style.SMALL),
    ]
    done = [parts.text("–", style.CELL)]
    if last is not None:
        done = [
            parts.text(wording.technique(last.attempt.technique), style.CELL),
            parts.text(wording.depth(last.attempt.verify), style.SMALL),
        ]
    elif record.refusals:
        done = [parts.text(words, style.SMALL) for words in few_reasons(record)]
    size = wording.size(who.size_bytes) if who.size_bytes else pgettext("size", "unknown")
    achieved = proven(record).achieved
    method = wording.method(achieved) if last is not None else "–"
    return [
        parts.text(str(number), style.CELL),
        name,
        parts.text(size, style.CELL),
        done,
        parts.text(method, style.CELL),
        parts.stamp(drive_symbol(record), drive_words(record)),
    ]


def _summary(report: Report) -> Flowable:
    if not records(report):
        return parts.text(_("No drive was found in this computer."))
    header = ("", _("Drive"), _("Size"), _("Technique"), _("Method"), _("Verdict"))
    rows = [_row(number, record) for number, record in enumerate(records(report), start=1)]
    fixed = [7 * mm, 17 * mm, 40 * mm, 27 * mm, 35 * mm]
    widths = [fixed[0], style.WIDTH - sum(fixed), *fixed[1:]]
    return parts.grid(header, rows, widths)
