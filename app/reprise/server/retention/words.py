"""What is kept, why and for how long, in words: what somebody chooses, what is fixed, and what is
never dropped."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.i18n import _
from reprise.server.retention.rules import Rule


@dataclass(frozen=True, slots=True)
class Kept:
    """`how_long`: of what nobody chooses."""

    name: str
    why: str
    how_long: str = ""


def kept(rule: Rule) -> Kept:
    """Of what somebody chooses the days."""
    return {
        "invitations": Kept(
            _("Invitations that ended"),
            _(
                "The address of who was invited, the role and the dates: so that you can say for a "
                "while who was invited. Counted from the invitation's end."
            ),
        ),
        "codes": Kept(
            _("Enrolment codes that ended"),
            _(
                "The code's digest, and the station's name and key: a station that never heard the "
                "answer comes through with the same code. Counted from the code's end."
            ),
        ),
        "tokens": Kept(
            _("Tokens that ended"),
            _(
                "Name, rights and dates, not the token itself: so that you can say for a while "
                "what a program was able to read. Counted from the end."
            ),
        ),
        "accounts": Kept(
            _("Accounts that nobody uses"),
            _(
                "They are never erased by the server: this page names them, and an administrator "
                "decides. Counted from the last log-in."
            ),
        ),
        "papers": Kept(
            _("Certificates (PDF) that nobody asks for"),
            _(
                "Copies: each is made again from the signed report when it is asked for. Counted "
                "from the last time. Beyond 1 GiB, those asked for longest ago go first."
            ),
        ),
    }[rule.key]


def out_of_bounds(rule: Rule) -> str:
    return _("“{name}”: give {least} to {most} days.").format(
        name=kept(rule).name, least=rule.least, most=rule.most
    )


def fixed() -> tuple[Kept, ...]:
    """What is dropped, and nobody chooses when."""
    return (
        Kept(
            _("Log-ins: sessions, with address and browser"),
            _("So that each person sees where they are logged in, and ends it."),
            _("until the person logs out, twelve hours at most"),
        ),
        Kept(
            _("Log-ins that failed: how many of an address and of an account"),
            _("So that nobody guesses passwords."),
            _("five minutes"),
        ),
        Kept(
            _("Wrong enrolment codes: how many of an address, which is not kept itself"),
            _("So that nobody guesses codes."),
            _("ten minutes"),
        ),
        Kept(
            _("Certificates that could not be made"),
            _("So that the same is not tried without end."),
            _("one day"),
        ),
        Kept(
            _("What stations say of themselves: last seen, version, what waits"),
            _("For whoever looks after them. Nothing of it is evidence."),
            _("the last word alone, as long as the station is listed"),
        ),
        Kept(
            _("Backups, and the journal of the machine"),
            _("They are yours, not the server's: what is dropped here stays in older backups."),
            _("as you rotate them"),
        ),
    )


def never() -> tuple[Kept, ...]:
    """What this server never drops by itself."""
    return (
        Kept(
            _("Signed reports, to the byte, and what the tables say of them"),
            _("They prove that data were erased. With one byte less the signature proves nothing."),
        ),
        Kept(
            _("Receipts: when each report came, and its digest"),
            _("They prove that a report was there at that moment, and was not changed since."),
        ),
        Kept(
            _("What certificates say"),
            _("It is made from the signed reports alone: no copy that is dropped takes it away."),
        ),
        Kept(
            _("Quarantine: what a station signed and the server could not read"),
            _(
                "It may be the only copy of a proof that a newer version reads. What the server "
                "has taken in since may make room for others: its bytes are a report by then."
            ),
        ),
        Kept(
            _("Stations: names, public keys and revocations"),
            _("Without its station's key no signature can be checked."),
        ),
        Kept(
            _("The server's own key"),
            _("Stations know the server by it."),
        ),
        Kept(
            _("The page “Changes”"),
            _(
                "The database refuses to change or delete its lines: whoever could would hide what "
                "they did. It holds numbers, no name and no address: who is erased is a number "
                "that leads nowhere."
            ),
        ),
        Kept(
            _("Organisations: names and numbers"),
            _("Reports and stations belong to them."),
        ),
        Kept(
            _("Accounts"),
            _(
                "Who leaves is erased by a person: by themselves on their own page, or by an "
                "administrator on the page “People”."
            ),
        ),
    )


def law() -> tuple[str, ...]:
    return (
        _(
            "GDPR, article 5(2): whoever answers for personal data must be able to show that they "
            "were protected. Article 17(3)(b) and (e): what a legal obligation asks for, and what "
            "proves a claim, need not be erased."
        ),
        _(
            "French decree 2023-266: PCs that an authority sells, or has taken back, count as "
            "reused only where the taker has committed to it beforehand and can prove it."
        ),
        _(
            "CNIL, guide to the security of personal data, sheet 15: data are erased before a "
            "device is given away; the report shows that it was done."
        ),
        _(
            "No text that we know of says for how many years a proof of erasure is kept: your data "
            "protection officer decides."
        ),
    )
