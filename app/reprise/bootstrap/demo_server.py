"""A server to try: a new database with a year of reports, whose stations worked on played PCs."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from reprise.bootstrap.demo_visits import report_of
from reprise.errors import InputError
from reprise.i18n import _
from reprise.system_words import os_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime

    from reprise.adapters.demo.programme.people import Team
    from reprise.adapters.demo.programme.story import Visit
    from reprise.adapters.signing.jws import Ed25519Signer
    from reprise.server.demo.filling import Letter, Organisation, Year
    from reprise.server.demo.people import Account
    from reprise.server.settings import ServerSettings

    Tell = Callable[[int, int], None]

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
_COMPANIONS = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class DemoServer:
    """`settings`: to serve with. `password`: of all `accounts`."""

    settings: ServerSettings
    accounts: Sequence[Account]
    password: str


@contextmanager
def demo_server(
    settings: ServerSettings, file: str | None, seed: int, tell: Tell
) -> Iterator[DemoServer]:
    """In `file`, which stays; None: in a folder that is gone afterwards. `settings`: of which what
    leads out of this machine, or to what a real server keeps, is left out. `tell`: how much of the
    work is done, of how much.

    Raises InputError where the file is there already, or is none.
    """
    from tempfile import TemporaryDirectory

    from reprise.server.settings import Mail, OpenId

    with TemporaryDirectory(prefix="reprise-demo-server-") as own:
        database = Path(file or Path(own, "reprise.db")).absolute()
        alone = replace(
            settings,
            database=str(database),
            data=str(Path(own, "data")),
            public_url="",
            s3_bucket="",
            s3_endpoint="",
            s3_region="",
            s3_keys="",
            mail=Mail(),
            openid=OpenId(),
        )
        _make_file(database, file or "")
        try:
            password = "-".join(_word() for _n in range(4))
            accounts = fill_database(str(database), seed, password, tell)
        except BaseException:
            for end in ("", *_COMPANIONS):
                Path(f"{database}{end}").unlink(missing_ok=True)
            raise
        yield DemoServer(alone, accounts, password)


def _word() -> str:
    return "".join(secrets.choice(_LETTERS) for _n in range(4))


def _make_file(path: Path, named: str) -> None:
    """Nobody else's: what is there already is never filled. Raises InputError."""
    words = _("The database {path} cannot be made: {reason}.")
    advice = _("Choose another with --database.")
    if "://" in named:
        raise InputError(
            _("A demonstration fills a new file, and no database with an address."), advice
        )
    if any(os.path.lexists(f"{path}{end}") for end in ("", *_COMPANIONS)):
        raise InputError(
            _("{path} is there already: a demonstration fills nothing but a new file.").format(
                path=path
            ),
            _("Give another name; or show what is there without --demo."),
        )
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise InputError(words.format(path=path, reason=os_reason(error)), advice) from error


def fill_database(
    database: str, seed: int, password: str, tell: Tell, pcs: Sequence[int] | None = None
) -> Sequence[Account]:
    """`pcs`: how many of each organisation; None: a whole year's. Raises StorageError."""
    from datetime import UTC, datetime

    from reprise.server.database import close_database
    from reprise.server.demo.filling import fill
    from reprise.server.opening import open_database

    open_database(database)
    try:
        made = year(seed, datetime.now(UTC), tell, pcs)
        return fill(made, password, lambda done, all_: tell(all_ + done, 2 * all_))
    finally:
        close_database()


def year(seed: int, now: datetime, tell: Tell, pcs: Sequence[int] | None = None) -> Year:
    """The one that ends with the day before `now` (UTC). Its reports are made here."""
    from datetime import time

    from reprise.adapters.demo.programme.people import Team
    from reprise.adapters.demo.programme.story import (
        BENCHES,
        PCS,
        local_day,
        moment_of,
        visits,
    )
    from reprise.adapters.signing.jws import DEMO_TYPE, generate_signer
    from reprise.server.demo.filling import Year

    today = local_day(now)
    signers = [generate_signer(DEMO_TYPE) for _bench in BENCHES]
    found = visits(seed, today, pcs or PCS)
    return Year(
        seed=seed,
        begins_at=moment_of(today, 0, time(8)),
        ends_at=now,
        town=_organisation(Team.TOWN, signers, today),
        workshop=_organisation(Team.WORKSHOP, signers, today),
        letters=tuple(_letters(found, signers, now, tell)),
        unreadable=_newer(seed, signers[1], moment_of(today, 300, time(11))),
    )


def _newer(seed: int, signer: Ed25519Signer, at: datetime) -> Letter:
    """What no server of this version reads."""
    from random import Random
    from uuid import UUID

    from reprise.codec import to_json
    from reprise.server.demo.filling import Letter

    report_id = str(UUID(int=Random(f"newer {seed}").getrandbits(128), version=4))  # noqa: S311
    return Letter(
        at, report_id, signer.sign(to_json({"schema": "reprise-demo/2", "report_id": report_id}))
    )


def _organisation(team: Team, signers: Sequence[Ed25519Signer], today: date) -> Organisation:
    from datetime import time

    from reprise.adapters.demo.programme.people import TECHNICIANS
    from reprise.adapters.demo.programme.story import BENCHES, moment_of
    from reprise.server.demo.filling import Bench, Organisation

    benches = [
        Bench(
            plan.name,
            signer.kid,
            signer.public_pem().decode(),
            moment_of(today, plan.since, time(10)),
            None if plan.until is None else moment_of(today, plan.until, time(20)),
        )
        for plan, signer in zip(BENCHES, signers, strict=True)
        if plan.team is team
    ]
    return Organisation(team.title, TECHNICIANS[team], benches)


def _letters(
    visits: Sequence[Visit], signers: Sequence[Ed25519Signer], now: datetime, tell: Tell
) -> Iterator[Letter]:
    """None comes later than `now`."""
    from reprise.adapters.demo.programme.story import BENCHES
    from reprise.server.demo.filling import Letter

    for number, visit in enumerate(visits, 1):
        name = BENCHES[visit.bench].name
        sealed, jws = report_of(visit, name, signers[visit.bench])
        yield Letter(min(sealed + visit.delay, now), visit.report_id, jws)
        tell(number, 2 * len(visits))
