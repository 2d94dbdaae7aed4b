"""The words of the welcome page that are the same on every PC."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reprise_first_start.i18n import N_, _


@dataclass(frozen=True, slots=True)
class Chapter:
    """`anchor` of the page; `lines`: one sentence or two each; `links`: (address, title)."""

    anchor: str
    title: str
    lines: tuple[str, ...]
    links: tuple[tuple[str, str], ...] = ()


FIRST_STEPS = Chapter(
    "first-steps",
    N_("First steps"),
    (
        N_("The menu in a corner of the screen holds all programs: write a letter, see photos, "
           "listen to music, go on the Internet."),
        N_("One click chooses, two clicks in quick succession open. The right button of the mouse "
           "shows what can be done with a thing."),
        N_("To stop, choose “Switch off” in the menu and wait until the screen is black. Do not "
           "pull the plug before."),
        N_("You cannot break anything by trying. If a window is in the way, the cross in its "
           "corner closes it."),
    ),
)  # fmt: skip
FILES = Chapter(
    "files",
    N_("Where your files go"),
    (
        N_("Your folder has your name. In it are Documents, Pictures, Music and Downloads: what "
           "comes from the Internet is in Downloads."),
        N_("“Save” in a program asks where: choose Documents, and give a name that you will know "
           "again."),
        N_("What you delete waits in the wastebasket until you empty it."),
        N_("Copy what is dear to you to a USB stick from time to time, and keep it elsewhere: a "
           "drive can fail without warning."),
        N_("A USB stick shows up by itself. Before pulling it out, choose “Eject” or “Unmount”: a "
           "click with the right button on it."),
    ),
)  # fmt: skip
PRINT = Chapter(
    "print",
    N_("Print and scan"),
    (
        N_("Plug the printer in and switch it on, or join it to the same Wi-Fi as this computer. "
           "Most are found without a disc or a download."),
        N_("In any program: “Print”, or the keys Ctrl and P together. If no printer is offered, "
           "open the printer settings in the menu and choose “Add”."),
        N_("To scan, open the scanning program in the menu and choose your printer or scanner."),
        N_("“PDF” or “Print to file” keeps a page as a file, without paper."),
    ),
)  # fmt: skip
INTERNET = Chapter(
    "internet",
    N_("Internet and Wi-Fi"),
    (
        N_("The small picture of a network in the bar of the screen lists the Wi-Fi around you. "
           "Choose yours; the password is on the label of your box."),
        N_("A network cable needs nothing: plug it in."),
        N_("The Internet browser is in the menu."),
        N_("Nobody serious asks for your password or your bank card by e-mail or telephone. A page "
           "that says “your computer is infected, call this number” is a swindle: close it."),
    ),
    (("https://www.cybermalveillance.gouv.fr",
      N_("Victim of a swindle or an attack: cybermalveillance.gouv.fr, a public service")),),
)  # fmt: skip
SAFETY = Chapter(
    "safety",
    N_("Updates and safety"),
    (
        N_("Repairs of weak points come by themselves when the computer is on the Internet. Should "
           "it offer other updates, accept them; it asks for your password."),
        N_("This system is Debian GNU/Linux: free of charge, without a licence to renew. It needs "
           "no antivirus to buy."),
        N_("New programs come from Debian, not from pages found on the Internet: whoever helps you "
           "knows how to add one."),
        N_("Write your password down and keep it at home, not on the computer: nobody else has it, "
           "not even those who gave you the computer."),
    ),
)  # fmt: skip
ACCESS = Chapter(
    "access",
    N_("See and hear better"),
    (
        N_("In the Internet browser, the keys Ctrl and + make everything larger, Ctrl and - "
           "smaller, Ctrl and 0 as before. This page, too."),
        N_("Larger letters, stronger colours and a larger pointer are in the settings of the menu, "
           "under Appearance and Accessibility."),
        N_("The screen reader (Orca) speaks and drives a braille display: open “Screen reader” in "
           "the menu, or press F4 while the computer asks who you are."),
    ),
)  # fmt: skip
HELP = Chapter(
    "help",
    N_("Free help"),
    (
        N_("In France, digital advisers (conseillers numériques) help free of charge: taking the "
           "computer in hand, e-mail, papers on line. Ask at the town hall or the library."),
        N_("The France services offices help with public administrations: taxes, health, "
           "retirement, work. Bring your papers."),
        N_("Emmaüs Connect and many associations give lessons, and connections at small prices to "
           "people of small means."),
        N_("A neighbour who knows Linux, a Linux users' group: volunteers like to help, and it "
           "costs nothing."),
    ),
    (
        ("https://cartographie.societenumerique.gouv.fr", N_("Map of places that help near you")),
        ("https://www.france-services.gouv.fr", N_("France services")),
        ("https://emmaus-connect.org", N_("Emmaüs Connect")),
        ("https://debian-facile.org", N_("Debian-Facile: help in French with this system")),
    ),
)  # fmt: skip


ENCRYPTED = N_(
    "The drive is encrypted: whoever finds the computer or its drive cannot read your files. The "
    "password that you chose at the first start opens it. Forgotten, it cannot be replaced, and "
    "your files are lost. A new password of your account does not change it."
)


def chapters(encrypted: bool = False) -> tuple[Chapter, ...]:
    """In the language in force."""
    safety = replace(SAFETY, lines=(*SAFETY.lines, ENCRYPTED)) if encrypted else SAFETY
    untranslated = (FIRST_STEPS, FILES, PRINT, INTERNET, safety, ACCESS, HELP)
    return tuple(
        Chapter(
            chapter.anchor,
            _(chapter.title),
            tuple(_(line) for line in chapter.lines),
            tuple((address, _(title)) for address, title in chapter.links),
        )
        for chapter in untranslated
    )
