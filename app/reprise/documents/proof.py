"""What makes a document checkable: signature facts, digests, clock, and how a stranger verifies."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.platypus import Flowable, KeepTogether, Spacer

from reprise import wording
from reprise.documents import parts, style
from reprise.documents.parts import Fact
from reprise.documents.text import grouped
from reprise.domain.planning.plan import ConfirmedBy
from reprise.domain.report.report import DEMO_SCHEMA, Report
from reprise.i18n import _, pgettext


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureFacts:
    """What the caller knows of the JWS that this document renders.

    `sha256` is hex, of the JWS bytes. `verified`: the signature was checked against a trusted key
    and is good; False: it was not checked. `received_at`: ISO 8601 UTC, the server's receipt.
    `revoked_at`: since when the server refuses this key; None: it does not. `superseded_by`: the
    report of the same session that counts instead; None: this one does. `url`: the server's page of
    this report, for the QR code.
    """

    kid: str
    sha256: str
    verified: bool
    station: str = ""
    received_at: str | None = None
    revoked_at: str | None = None
    superseded_by: str | None = None
    url: str | None = None


# What a stranger needs besides the report and the station's public key: coreutils and OpenSSL 3.
COMMANDS = (
    "reprise report verify rapport.jws --key station.pub.pem",
    "printf '%s' \"$(cut -d. -f1,2 rapport.jws)\" > signed.txt",
    "printf '%s==' \"$(cut -d. -f3 rapport.jws)\" | basenc -d --base64url > signature.bin",
    "openssl pkeyutl -verify -pubin -inkey station.pub.pem -rawin"
    " -in signed.txt -sigfile signature.bin",
)


def qr_text(report: Report, proof: SignatureFacts | None) -> str:
    """The server's page where there is one, else the report's id and digest."""
    if report.schema == DEMO_SCHEMA:
        return f"SPECIMEN {report.report_id}"  # no address: nothing is to be found anywhere
    if proof is None:
        return f"urn:uuid:{report.report_id}"
    return proof.url or f"urn:uuid:{report.report_id}?+sha256={proof.sha256}"


def signature_words(proof: SignatureFacts | None) -> str:
    if proof is None:
        return _("not signed")
    if proof.verified:
        return _("checked and good when this document was made")
    return _("NOT CHECKED when this document was made")


def _facts(report: Report, proof: SignatureFacts | None) -> list[Fact]:
    signed = proof is not None
    unsigned = _("not signed")
    note = wording.code(report.clock.note) if report.clock.note else ""
    if report.clock.trusted:
        trust = note or _("clock synchronised")
    else:
        trust = wording.join((_("the PC's clock is not trusted: this date may be wrong"), note))
    received = proof.received_at if proof else None
    tools = (f"{name} {version}" for name, version in report.station.tools.items())
    station = (proof.station if proof else "") or report.station.name
    return [
        (_("Report"), report.report_id, report.schema),
        (_("Signature"), signature_words(proof), _("Ed25519, JWS") if signed else ""),
        parts.lacking(
            parts.given(_("Station"), station, pgettext("station", "not given")),
            pgettext("station", "unknown"),
        ),
        parts.lacking(
            parts.given(_("Station's key (kid)"), proof.kid if proof else "", unsigned),
            pgettext("key", "unknown"),
        ),
        *_revocation(proof),
        parts.given(_("SHA-256 of the report"), grouped(proof.sha256) if proof else "", unsigned),
        parts.given(
            _("SHA-256 of the journal"), grouped(report.journal_sha256 or ""), _("not given")
        ),
        _plan_fact(report),
        parts.given(
            _("SHA-256 of the image's file system"),
            grouped(report.station.image_sha256),
            _("not started from a Reprise image, or not read to its end"),
        ),
        (_("Sealed"), wording.moment(report.clock.sealed_at), trust),
        (_("Work lasted"), wording.duration(report.clock.session_s), _("monotonic clock")),
        parts.given(
            _("Received by the server"),
            wording.moment(received) if received else "",
            _("no receipt is known to this document"),
        ),
        parts.lacking(
            parts.given(_("Tools"), wording.join(tools), pgettext("tools", "not given")),
            pgettext("tools", "unknown"),
        ),
    ]


def _revocation(proof: SignatureFacts | None) -> list[Fact]:
    if proof is None or proof.revoked_at is None:
        return []
    words = _("reports that this key signed after that date are worth nothing")
    return [(_("Key revoked"), wording.moment(proof.revoked_at), words)]


def _plan_fact(report: Report) -> Fact:
    label = _("SHA-256 of the plan")
    if not report.plan_digest:
        return (label, None, _("no plan was made"))
    if report.confirmed_digest == report.plan_digest:
        note = _("it is the plan that the operator confirmed")
        if report.confirmed_by is ConfirmedBy.UNATTENDED:
            note = _("it was confirmed by the station's settings, without an operator")
    else:
        note = _("the operator did not confirm this plan")
    return (label, grouped(report.plan_digest), note)


def proof_flowables(report: Report, proof: SignatureFacts | None) -> list[Flowable]:
    facts = parts.facts(_facts(report, proof), _("unknown"), columns=1)
    lines = [parts.text(command, style.COMMAND) for command in COMMANDS]
    spaced = [piece for line in lines for piece in (line, Spacer(0, 4))]
    how = parts.text(
        _(
            "The signed JSON report is authoritative; this PDF is only its rendering. To check"
            " the report with Reprise, or with OpenSSL alone:"
        )
    )
    return [
        *parts.heading(_("Authenticity")),
        facts,
        Spacer(0, 4),
        KeepTogether([how, Spacer(0, 5), *spaced]),
        parts.text(
            _(
                "The signature proves which station made the report and that no byte of it changed"
                " since; it does not by itself prove what happened to a drive."
            )
        ),
        Spacer(0, 3),
        parts.text(
            _(
                "Methods and techniques are named in the words of NIST SP 800-88 Rev. 2; nobody"
                " has certified conformance with it. Reprise holds no ANSSI certification (CSPN)."
            )
        ),
    ]
