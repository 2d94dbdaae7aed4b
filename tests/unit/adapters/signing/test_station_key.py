"""The key that the server knows is never lost, and never replaced by another."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import IO, Any

import pytest

from reprise.adapters.signing.jws import generate_signer
from reprise.adapters.signing.station_key import station_signer
from reprise.adapters.storage.limits import KEY, PUBLIC_KEY
from reprise.adapters.storage.store import MirroredStore
from reprise.errors import InputError, StorageError


class Rig:
    def __init__(self, base: Path) -> None:
        self.memory, self.stick = base / "memory", base / "stick"
        self.other = base / "other"
        self.stick.mkdir(parents=True)
        self.other.mkdir()
        self.plugged: Path | None = self.stick
        self.store = MirroredStore(self.memory, lambda: self.plugged)


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


def _broken(monkeypatch: pytest.MonkeyPatch, *paths: Path) -> None:
    """These are there, and reading them gives an error of the medium."""
    real = Path.open

    def opened(self: Path, mode: str = "r", **how: Any) -> IO[Any]:
        if self in paths:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(self))
        return real(self, mode, **how)

    monkeypatch.setattr(Path, "open", opened)


def test_a_key_that_cannot_be_read_is_never_replaced(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server knows its public half: a new one in its place would make a stranger of the
    station, and nobody would be told."""
    enrolled = generate_signer()
    (rig.stick / KEY).write_bytes(enrolled.private_pem())
    with monkeypatch.context() as patch:
        _broken(patch, rig.stick / KEY)
        with pytest.raises(StorageError, match=r"station\.key\.pem.*entrée/sortie"):
            station_signer(rig.store)
        rig.store.write("reports/a.jws", b"a")
    assert (rig.stick / KEY).read_bytes() == enrolled.private_pem()
    assert not (rig.memory / KEY).exists()
    assert station_signer(rig.store).kid == enrolled.kid


def test_a_key_of_this_start_goes_on_where_the_stick_fails_later(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    kid = station_signer(rig.store).kid
    _broken(monkeypatch, rig.stick / KEY)
    assert station_signer(rig.store).kid == kid


@pytest.mark.parametrize("left", [b"", None])
def test_a_key_that_is_lost_beside_its_public_half_is_not_replaced(
    rig: Rig, left: bytes | None
) -> None:
    """A stick that was pulled while the folder of an enrolled station was copied onto it."""
    enrolled = generate_signer()
    (rig.stick / PUBLIC_KEY).write_bytes(enrolled.public_pem())
    if left is not None:
        (rig.stick / KEY).write_bytes(left)
    with pytest.raises(StorageError, match=r"station\.key\.pem .* station\.pub\.pem"):
        station_signer(rig.store)
    assert (rig.stick / PUBLIC_KEY).read_bytes() == enrolled.public_pem()
    (rig.stick / PUBLIC_KEY).unlink()  # as the message says
    (rig.stick / KEY).unlink(missing_ok=True)
    assert station_signer(rig.store).kid != enrolled.kid


def test_no_key_from_memory_goes_over_one_that_cannot_be_seen(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.plugged = None
    station_signer(rig.store)
    theirs = generate_signer()
    (rig.stick / KEY).write_bytes(theirs.private_pem())
    (rig.stick / PUBLIC_KEY).write_bytes(theirs.public_pem())
    rig.plugged = rig.stick
    real = os.stat

    def stat(path: str | Path, **how: bool) -> os.stat_result:
        if path in (rig.stick / KEY, str(rig.stick / KEY)):
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        return real(path, **how)

    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", stat)
        _broken(patch, rig.stick / KEY)
        assert rig.store.sync() is False
        assert "entrée/sortie" in rig.store.problem()
    assert rig.store.sync() is True
    assert (rig.stick / KEY).read_bytes() == theirs.private_pem()
    assert (rig.stick / PUBLIC_KEY).read_bytes() == theirs.public_pem()


def test_a_stick_that_comes_while_a_key_is_made_keeps_its_own(rig: Rig) -> None:
    theirs = generate_signer()
    (rig.stick / KEY).write_bytes(theirs.private_pem())
    (rig.stick / PUBLIC_KEY).write_bytes(theirs.public_pem())
    store = MirroredStore(rig.memory, lambda: rig.stick, readable=lambda: None)  # not yet mounted
    assert station_signer(store).kid != theirs.kid
    assert (rig.stick / KEY).read_bytes() == theirs.private_pem()
    assert (rig.stick / PUBLIC_KEY).read_bytes() == theirs.public_pem()


def test_a_public_half_that_cannot_be_read_is_made_again(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = station_signer(rig.store)
    other = MirroredStore(rig.stick.parent / "next-start", lambda: rig.stick)
    with monkeypatch.context() as patch:
        _broken(patch, rig.stick / PUBLIC_KEY)
        assert station_signer(other).kid == signer.kid
    assert (rig.stick / PUBLIC_KEY).read_bytes() == signer.public_pem()


def test_a_stick_keeps_its_own_key_and_a_new_one_gets_ours(rig: Rig, tmp_path: Path) -> None:
    kid = station_signer(rig.store).kid
    assert (rig.stick / "station.key.pem").stat().st_mode & 0o777 == 0o600
    assert (rig.memory / "station.key.pem").stat().st_mode & 0o777 == 0o600
    rig.plugged = rig.other
    assert rig.store.sync() is True
    assert (rig.other / "station.key.pem").read_bytes() == (
        rig.stick / "station.key.pem"
    ).read_bytes()
    third = tmp_path / "third"
    third.mkdir()
    (third / "station.key.pem").write_bytes(b"theirs")
    rig.plugged = third
    assert rig.store.sync() is True
    assert (third / "station.key.pem").read_bytes() == b"theirs"
    assert station_signer(rig.store).kid == kid


def test_a_stick_that_lost_its_key_takes_no_other(rig: Rig) -> None:
    station_signer(rig.store)
    (rig.other / "station.pub.pem").write_bytes(b"their half")
    rig.plugged = rig.other
    assert rig.store.sync() is True
    assert not (rig.other / "station.key.pem").exists()
    assert (rig.other / "station.pub.pem").read_bytes() == b"their half"
    rig.plugged = rig.stick
    (rig.stick / "station.key.pem").unlink()  # what is left of our own key is no other key
    assert rig.store.sync() is True
    assert (rig.stick / "station.key.pem").exists()


@pytest.mark.parametrize("name", ["station.key.pem", "station.pub.pem"])
def test_a_stick_whose_key_cannot_be_read_still_takes_the_proofs(rig: Rig, name: str) -> None:
    station_signer(rig.store)
    rig.store.write("reports/a.jws", b"a")
    (rig.other / name).mkdir()  # any read of it fails
    rig.plugged = rig.other
    assert rig.store.sync() is False
    assert rig.store.where() == "memory"
    assert (rig.other / "reports/a.jws").read_bytes() == b"a"
    assert rig.store.problem()


def _full_for_keys(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    """The root folder of FAT12 and FAT16 has a fixed number of names, its subfolders have not."""
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if Path(target) == root / KEY:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)


def test_a_stick_that_does_not_take_the_key_still_takes_the_proofs(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    station_signer(rig.store)
    rig.store.write("reports/a.jws", b"a")
    rig.store.append("journal/s.jsonl", b"1\n")
    rig.plugged = rig.other
    with monkeypatch.context() as patch:
        _full_for_keys(patch, rig.other)
        assert rig.store.sync() is False
        assert (rig.other / "reports/a.jws").read_bytes() == b"a"
        assert (rig.other / "journal/s.jsonl").read_bytes() == b"1\n"
        rig.store.append("journal/s.jsonl", b"2\n")
        rig.store.write("reports/b.jws", b"b")
        assert (rig.other / "journal/s.jsonl").read_bytes() == b"1\n2\n"
        assert (rig.other / "reports/b.jws").read_bytes() == b"b"
        assert rig.store.where() == "memory"
        assert str(rig.other) in rig.store.problem()
        assert not (rig.other / PUBLIC_KEY).exists(), "alone, it would stand for a lost key"
    assert rig.store.sync() is True
    assert (rig.other / KEY).read_bytes() == (rig.stick / KEY).read_bytes()
    assert (rig.other / PUBLIC_KEY).read_bytes() == (rig.stick / PUBLIC_KEY).read_bytes()
    assert (rig.store.where(), rig.store.problem()) == ("stick", "")


def test_a_new_key_that_the_stick_does_not_take_leaves_no_public_half_there(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next start would take it for what is left of a key that a server knows, and refuse."""
    with monkeypatch.context() as patch:
        _full_for_keys(patch, rig.stick)
        kid = station_signer(rig.store).kid
        assert rig.store.problem()
        assert not (rig.stick / PUBLIC_KEY).exists()
    assert rig.store.sync() is True
    other = MirroredStore(rig.stick.parent / "next-start", lambda: rig.stick)
    assert station_signer(other).kid == kid


def test_a_broken_key_is_never_replaced(rig: Rig) -> None:
    (rig.stick / "station.key.pem").write_bytes(b"garbage")
    with pytest.raises(InputError, match=r"station\.key\.pem"):
        station_signer(rig.store)
    assert (rig.stick / "station.key.pem").read_bytes() == b"garbage"
