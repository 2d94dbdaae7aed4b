"""What makes a document checkable: signature facts, digests, clock, and how a stranger verifies."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.platypus import Flowable, KeepTogether, Spacer

from reprise import wording
from reprise.documents import parts, style
from reprise.documents.parts import Fact
from reprise.documents.text import _, curly, grouped
from reprise.domain.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureFacts:
    """What the caller knows of the JWS that this document renders.

    `sha256` is hex, of the JWS bytes. `verified`: the signature was checked against a trusted key
    and is good; False: it was not checked. `received_at`: ISO 8601 UTC, the server's receipt.
    `url`: the server's page of this report, for the QR code.
    """

    kid: str
    sha256: str
    verified: bool
    station: str = ""
    received_at: str | None = None
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
    unsigned = _("not signed")
    sealed = wording.moment(report.clock.sealed_at)
    trust = (
        _("clock synchronised")
        if report.clock.trusted
        else _("the PC's clock is not trusted: this date may be wrong")
    )
    note = curly(wording.code(report.clock.note)) if report.clock.note else ""
    plan_same = report.plan_digest is not None and report.plan_digest == report.confirmed_digest
    confirmed = _("it is the plan that the operator confirmed") if plan_same else ""
    received = proof.received_at if proof else None
    return [
        (_("Report"), report.report_id, report.schema),
        (_("Signature"), signature_words(proof), _("Ed25519, JWS") if proof else ""),
        (_("Station"), (proof.station if proof else "") or report.station.name or None, ""),
        (_("Station's key (kid)"), proof.kid if proof else None, unsigned),
        (_("SHA-256 of the report"), grouped(proof.sha256) if proof else None, unsigned),
        (
            _("SHA-256 of the journal"),
            grouped(report.journal_sha256) if report.journal_sha256 else None,
            _("not given"),
        ),
        (
            _("SHA-256 of the plan"),
            grouped(report.plan_digest) if report.plan_digest else None,
            confirmed if report.plan_digest else _("no plan was made"),
        ),
        (_("Sealed"), sealed, wording.join((trust, note))),
        (_("Work lasted"), wording.duration(report.clock.session_s), _("monotonic clock")),
        (
            _("Received by the server"),
            wording.moment(received) if received else None,
            _("no receipt is known to this document"),
        ),
        (
            _("Tools"),
            wording.join(f"{name} {version}" for name, version in report.station.tools.items())
            or None,
            _("not given"),
        ),
    ]


def proof_flowables(report: Report, proof: SignatureFacts | None) -> list[Flowable]:
    facts = parts.facts(_facts(report, proof), _("unknown"), columns=1)
    lines = [parts.text(command, style.COMMAND) for command in COMMANDS]
    spaced = [piece for line in lines for piece in (line, Spacer(0, 4))]
    return [
        parts.text(_("Authenticity"), style.HEADING),
        facts,
        Spacer(0, 4),
        parts.text(
            _(
                "The signed JSON report is authoritative; this PDF is only its rendering. To check"
                " the report with Reprise, or with OpenSSL alone:"
            )
        ),
        Spacer(0, 5),
        KeepTogether(spaced),
        parts.text(
            _(
                "The signature proves which station made the report and that no byte of it changed"
                " since; it does not by itself prove what happened to a drive."
            )
        ),
        Spacer(0, 3),
        parts.text(
            _(
                "Methods and terms follow NIST SP 800-88 Rev. 2. Reprise carries no ANSSI"
                " certification (CSPN) and claims conformance with no other standard."
            )
        ),
    ]
