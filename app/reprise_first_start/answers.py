"""What the person answered."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from reprise_first_start import names


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """`keyboard`: a name of reprise_common.keyboard_layouts. `timezone`: a name of zoneinfo.
    `password_hash`: as /etc/shadow has it; the password itself is never written anywhere.
    `ask_password`: whether it is asked for when the PC starts."""

    language: str
    keyboard: str
    timezone: str
    full_name: str
    user: str
    computer: str
    password_hash: str
    ask_password: bool = True

    def to_json(self) -> dict[str, str | bool]:
        return asdict(self)

    @classmethod
    def of_json(cls, value: object) -> Answers | None:
        """None where these are not the answers of a person who came to the end."""
        if not isinstance(value, dict):
            return None
        texts = [entry.name for entry in fields(cls) if entry.name != "ask_password"]
        given = {name: value.get(name) for name in texts}
        if not all(isinstance(entry, str) and entry.isprintable() for entry in given.values()):
            return None
        if not (names.is_user(value["user"]) and names.is_computer(value["computer"])):
            return None
        if not value["password_hash"].startswith("$") or ":" in value["password_hash"]:
            return None
        known = {name: str(entry) for name, entry in given.items()}
        return cls(**known, ask_password=value.get("ask_password") is not False)


@dataclass(slots=True, kw_only=True)
class Draft:
    """The answers so far. `password` and `repeated` as typed; they live in this process only.
    `user_typed`, `computer_typed`: the person changed what was proposed, so it stays.
    `opens_drive`: the drive is encrypted, and the password is to open it."""

    language: str
    keyboard: str
    timezone: str
    full_name: str = ""
    user: str = ""
    computer: str = ""
    user_typed: bool = False
    computer_typed: bool = False
    password: str = ""
    repeated: str = ""
    ask_password: bool = True
    opens_drive: bool = False
    wifi: str = ""  # the network that was joined here

    def type_on(self, keyboard: str) -> None:
        """What the same keys give may be another text now: a password that was typed without being
        seen is asked for again, or nobody could type it at the log-in."""
        if keyboard != self.keyboard:
            self.password = self.repeated = ""
        self.keyboard = keyboard

    def propose(self, taken: frozenset[str]) -> None:
        """Names that follow from the full name, where the person gave none."""
        if not self.user_typed:
            self.user = names.propose_user(self.full_name, taken)
        if not self.computer_typed:
            self.computer = names.propose_computer(self.user)
