"""Makes the PC its new owner's: steps in order, each of which can be done again."""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reprise_first_start import account, contract, drive, keyboards, places, welcome
from reprise_first_start.answers import Answers
from reprise_first_start.contract import Contract
from reprise_first_start.errors import FirstStartError
from reprise_first_start.files import Root, ToolFailed
from reprise_first_start.i18n import N_, _
from reprise_first_start.own import make_own

AUTOLOGIN = "etc/lightdm/lightdm.conf.d/60-first-start.conf"
# The light OS has these two. Paper and units are those of the country that the PC is in.
LOCALES = {
    "fr": ("LANG=fr_FR.UTF-8", "LC_PAPER", "LC_MEASUREMENT"),
    "en": ("LANG=en_US.UTF-8", "LC_PAPER=fr_FR.UTF-8", "LC_MEASUREMENT=fr_FR.UTF-8"),
}
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Action:
    """`title`: for a person, to be translated; `name`: for the journal."""

    name: str
    title: str
    do: Callable[[], None]

    @property
    def words(self) -> str:
        return _(self.title)


def decide(root: Root, found: Contract, answers: Answers, password: str) -> Contract:
    """The person said "finish": the drive gets the password while it is known, then the PC finishes
    by itself. One that was accepted by an earlier try is withdrawn before the drive gets another:
    no power cut leaves the account with one password and the drive with the other. Raises
    FirstStartError."""
    try:
        if drive.awaits_owner(root):
            found = contract.withdraw(root, found)
        drive.give(root, password)
        return contract.accept(root, found, answers)
    except OSError as error:
        raise FirstStartError(
            _("Nothing can be written to this computer's drive."),
            _("Switch off and on again. If it stays so, ask whoever gave you the computer."),
        ) from error


class Applier:
    """What was accepted, done as root. After a power cut the same again comes to the same end:
    no step asks what an earlier run did, except of the files themselves."""

    def __init__(self, root: Root, decided: Contract) -> None:
        if decided.accepted is None:
            raise ValueError("nothing was accepted")
        self._root, self._contract = root, decided
        self._answers: Answers = decided.accepted
        texts = N_("Language, keyboard and time"), N_("Your account"), N_("The welcome page")
        self.steps: tuple[Action, ...] = (
            Action("names", N_("The computer's name"), self._names),
            Action("language", texts[0], self._language),
            Action("keyboard", texts[0], self._keyboard),
            Action("timezone", texts[0], self._timezone),
            Action("own", N_("Keys of this computer alone"), lambda: make_own(root)),
            Action("earlier", texts[1], self._earlier),
            Action("account", texts[1], self._account),
            Action("groups", texts[1], lambda: account.join_groups(root, self._answers.user)),
            Action("home", texts[1], lambda: account.make_home(root, self._answers.user)),
            Action("password", texts[1], self._password),
            Action("login", texts[1], self._login),
            # With the keyboard that was chosen above.
            Action("drive", N_("The drive's password"), lambda: drive.hand_over(root)),
            Action("welcome", texts[2], self._welcome),
            Action("now", texts[2], self._now),
            Action("finish", texts[2], lambda: contract.finish(root)),
        )

    def run(self) -> Iterator[tuple[int, Action]]:
        """(index, step) before each. Raises FirstStartError; whoever comes again begins anew."""
        for index, step in enumerate(self.steps):
            yield index, step
            try:
                step.do()
            except (ToolFailed, OSError, ValueError) as error:
                _LOG.exception("step %s failed", step.name)
                raise FirstStartError(
                    _("The computer could not be finished: {step}.").format(step=step.words),
                    _("Try again. If it happens again, ask whoever gave you the computer.")
                    + f" ({step.name}: {error})",
                ) from error

    def _names(self) -> None:
        name = self._answers.computer
        self._root.write("etc/hostname", f"{name}\n")
        try:
            before = self._root.read_text("etc/hosts")
        except OSError:
            before = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n"
        others = [line for line in before.splitlines() if not re.match(r"127\.0\.1\.1\s", line)]
        at = next((n + 1 for n, line in enumerate(others) if line.startswith("127.0.0.1")), 0)
        others.insert(at, f"127.0.1.1 {name}")
        self._root.write("etc/hosts", "\n".join(others) + "\n")

    def _language(self) -> None:
        self._root.run(["update-locale", *LOCALES.get(self._answers.language, LOCALES["fr"])])

    def _keyboard(self) -> None:
        self._root.write("etc/default/keyboard", keyboards.default_file(self._answers.keyboard))
        if self._root.has_tool("setupcon"):
            self._root.run(["setupcon", "--save-only", "--force"])

    def _timezone(self) -> None:
        zone = places.known_zone(self._answers.timezone, self._root.at("usr/share/zoneinfo"))
        self._root.write("etc/timezone", f"{zone}\n")
        self._root.link("etc/localtime", f"/usr/share/zoneinfo/{zone}")

    def _earlier(self) -> None:
        for user in self._contract.replaces:
            if user != self._answers.user:
                account.remove(self._root, user)

    def _account(self) -> None:
        account.make(self._root, self._answers.user, self._answers.full_name)

    def _password(self) -> None:
        account.set_password(self._root, self._answers.user, self._answers.password_hash)

    def _login(self) -> None:
        """LightDM's own file wins over the image's by its number; its absence is "ask"."""
        if self._answers.ask_password:
            self._root.remove(AUTOLOGIN)
            return
        text = f"[Seat:*]\nautologin-user={self._answers.user}\nautologin-user-timeout=0\n"
        self._root.write(AUTOLOGIN, text)

    def _welcome(self) -> None:
        page = welcome.page(self._contract, self._answers.language, drive.is_encrypted(self._root))
        self._root.write(welcome.FILE, page)
        self._root.at(welcome.FILE).parent.chmod(0o755)

    def _now(self) -> None:
        """The log-in screen comes without a restart: tell the kernel, systemd and udev. All of it
        holds after the next start anyway, so a failure is only written down."""
        if not self._root.is_live:
            return
        try:
            socket.sethostname(self._answers.computer)
            locale = [setting for setting in LOCALES[self._answers.language] if "=" in setting]
            self._root.run(["systemctl", "set-environment", *locale])
            self._root.run(["udevadm", "trigger", "--subsystem-match=input", "--action=change"])
            self._root.run(["udevadm", "settle", "--timeout=10"])
        except (ToolFailed, OSError, KeyError):
            _LOG.exception("in force after the next start only")
