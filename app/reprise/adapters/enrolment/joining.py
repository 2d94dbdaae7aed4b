"""ports.sheets.joining.Joining, and the same by files where there is no network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from reprise.adapters.enrolment.messages import read_answer, request_bytes, shown_key
from reprise.adapters.enrolment.server_calls import CodeRefusedError, ServerCalls
from reprise.adapters.enrolment.settings_file import with_server
from reprise.adapters.signing.jws import Ed25519Signer
from reprise.adapters.signing.station_key import station_signer
from reprise.adapters.storage.config_files import MOST, decode_config
from reprise.adapters.storage.files import read_or_none, write_durably
from reprise.adapters.storage.limits import KEY
from reprise.adapters.storage.storage_error import storage_error
from reprise.adapters.storage.store import SETTINGS, FolderStore, MirroredStore
from reprise.domain.station.enrolment import (
    EXAMPLE,
    EnrolmentAnswer,
    EnrolmentRequest,
    Offer,
    as_address,
    public_jwk,
    read_code,
    read_link,
)
from reprise.errors import InputError, StorageError, foreseen
from reprise.i18n import _
from reprise.ports import Clock
from reprise.ports.sheets.joining import JoinedServer, ServerFound
from reprise.settings import ServerSettings, Settings, checked_settings

AUTHORITY = "ca.pem"  # of an organisation's own certificates, where no other name is set


@dataclass(frozen=True, slots=True)
class Software:
    """What this station runs."""

    version: str
    image_version: str


class StationJoining:
    """`settings`: those in force now."""

    def __init__(
        self,
        where: MirroredStore,
        settings: Callable[[], Settings],
        clock: Clock,
        software: Software,
    ) -> None:
        self._store, self._settings, self._clock = where, settings, clock
        self._software = software

    def address(self) -> str:
        return self._settings().server.url

    def look(self, address: str, code: str) -> ServerFound:
        link = read_link(code) or read_link(address)
        address, code = link or (as_address(address), code)
        read = read_code(code)
        if read is None:
            raise InputError(
                _("This is no code: a letter is wrong, missing or too many."),
                _("It has 16 letters, as in {example}.").format(example=EXAMPLE),
            )
        with foreseen():
            server = self._server(address)
            self._check_stick(server)
            offer = self._offer(self._calls(server), read)
            return self._found(server, read, offer.server_key.x, offer.organisation, offer.name)

    def join(self, found: ServerFound) -> JoinedServer:
        with foreseen():
            server = self._server(found.address)
            self._check_stick(server)
            asked = self.request(found.code)
            told = self._calls(server).enrol(asked)
            if _shown(told.server_key.x) != found.server_key:
                raise InputError(
                    _("The server answered with another key than the one that was shown."),
                    _("Nothing was changed here. Tell the server's administrator."),
                )
            return self._keep(told, server)

    # by files

    def request(self, code: str = "") -> bytes:
        """What a server is handed, signed. Raises RepriseError."""
        signer, settings = self._signer(), self._settings()
        asked = EnrolmentRequest(
            public_jwk(signer.public_x()),
            settings.station.name,
            code,
            self._software.version,
            self._software.image_version,
            self._clock.read().now.isoformat(),
            "" if code else settings.server.key,
        )
        return request_bytes(signer, asked)

    def answered(self, data: bytes, address: str = "") -> ServerFound:
        """What an answer would change; nothing is changed yet. `address`: where the answer names
        none, or another one is right here. Raises RepriseError."""
        told, server = self._answer(data, address)
        return self._found(server, "", told.server_key.x, told.organisation, told.name)

    def take_answer(self, data: bytes, address: str = "") -> JoinedServer:
        """Raises RepriseError."""
        return self._keep(*self._answer(data, address))

    # inside

    def _answer(self, data: bytes, address: str) -> tuple[EnrolmentAnswer, ServerSettings]:
        """Raises InputError."""
        told = read_answer(data)
        url = as_address(address) or told.url or self.address()
        if not url:
            raise InputError(
                _("The answer names no address of the server."), _("Give it with --url.")
            )
        server = self._server(url)
        self._check_stick(server)
        return told, server

    def _found(
        self, server: ServerSettings, code: str, key: str, organisation: str, name: str
    ) -> ServerFound:
        """Raises InputError."""
        if not (organisation + name).isprintable():
            raise _not_a_server()
        known = self._settings().server
        another = known.url == server.url and known.key not in ("", key)
        whose = _named(organisation, server)
        return ServerFound(server.url, code, whose, _shown(key), name, another)

    def _server(self, address: str) -> ServerSettings:
        """Raises InputError."""
        try:
            return replace(self._settings().server, url=address.rstrip("/"), key="")
        except ValueError as error:
            raise InputError(
                f"{error}.", _("Type it as in {example}.").format(example=_ADDRESS)
            ) from error

    def _calls(self, server: ServerSettings) -> ServerCalls:
        """Raises InputError."""
        if not server.url:
            raise InputError(
                _("The server has no address."),
                _("Type it as in {example}.").format(example=_ADDRESS),
            )
        name = server.ca_file or AUTHORITY
        path = self._store.path(name)
        trusted = path if server.ca_file or path.exists() else None
        return ServerCalls(server, trusted, self._clock)

    def _offer(self, calls: ServerCalls, code: str) -> Offer:
        """Whose code it is. One that was used is told to nobody but the station that used it: its
        signed request is answered as the first time, where that answer was lost on the way."""
        try:
            return calls.look(code)
        except CodeRefusedError as refused:
            if not (self._root() / KEY).exists():
                raise
            try:
                told = calls.enrol(self.request(code))
            except CodeRefusedError:
                raise refused from None
            return Offer(told.organisation, told.server_key, told.url, told.name)

    def _root(self) -> Path:
        """Raises StorageError."""
        root = self._store.root()
        if root is None:
            raise StorageError(
                _("No stick is there that may be written to: the server would be forgotten."),
                _("Plug in the stick; or free its write protection, and restart."),
            )
        return root

    def _signer(self) -> Ed25519Signer:
        """The stick's own key, which outlives this session. Raises StorageError, InputError."""
        root = self._root()
        self._store.sync()
        return station_signer(FolderStore(root))

    def _check_stick(self, server: ServerSettings) -> None:
        """Before anybody is asked anything. Raises RepriseError."""
        self._new_settings(self._root(), {"url": server.url, "key": ""})

    def _keep(self, told: EnrolmentAnswer, server: ServerSettings) -> JoinedServer:
        if told.kid != self._signer().kid:
            raise InputError(
                _("The answer is for another station."),
                _("Take the one that the server wrote for this stick's request."),
            )
        root, values = self._root(), {"url": server.url, "key": told.server_key.x}
        if not server.ca_file and (root / AUTHORITY).exists():
            values["ca_file"] = AUTHORITY
        key = _shown(told.server_key.x)  # a person may compare it later
        note = _("as the server's page of stations shows it: {key}").format(key=key)
        text = self._new_settings(root, values, {"key": note})
        try:
            write_durably(root / SETTINGS, text.encode())
        except OSError as error:
            raise storage_error(error, root) from error
        if self.address() != server.url:
            raise InputError(
                _("The kernel command line sets another server."),
                _("Restart without reprise.server.url=… to use the new one."),
            )
        return JoinedServer(
            server.url, _named(told.organisation, server), told.name, told.valid_until
        )

    @staticmethod
    def _new_settings(
        root: Path, values: dict[str, str], notes: dict[str, str] | None = None
    ) -> str:
        """Raises InputError, StorageError."""
        try:
            data = read_or_none(root / SETTINGS, MOST) or b""
            if not data and (root / SETTINGS).exists() and (root / SETTINGS).stat().st_size > MOST:
                raise InputError(_("{file} on the stick is too large.").format(file=SETTINGS))
        except OSError as error:
            raise storage_error(error, root) from error
        text = with_server(decode_config(data, SETTINGS), SETTINGS, values, notes)
        checked_settings(text, SETTINGS)
        return text


_ADDRESS = "https://reprise.example.org"


def _named(organisation: str, server: ServerSettings) -> str:
    """An organisation that nobody has given a name yet has that of its server."""
    return organisation or urlsplit(server.url).netloc


def _shown(x: str) -> str:
    """Raises InputError."""
    try:
        return shown_key(public_jwk(x))
    except ValueError as error:
        raise _not_a_server() from error


def _not_a_server() -> InputError:
    return InputError(
        _("Something answers there, but it is not a Reprise server."),
        _("Check the server's address."),
    )
