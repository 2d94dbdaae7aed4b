"""What lies at a report's place, from a stranger or a power cut, keeps no session unreported."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from reprise.adapters.signing.jws import generate_signer
from reprise.adapters.signing.station_key import key_file
from reprise.adapters.storage.limits import MOST_REPORT_BYTES
from reprise.codec import to_json
from reprise.domain.drives.unreached import StorageLooked, UnreachedKind
from reprise.domain.report.one_session import left_ids
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report_outcome import report_outcome
from reprise.errors import InputError
from unit.adapters.delivery.delivery_samples import REPORT, SESSION
from unit.domain.pc import samples
from unit.workflow.delivery.test_submit import Sealed, _today, sealed

__all__ = ["sealed"]
LEFT, OLDER = left_ids(SESSION, "aa")


def planted(sealed: Sealed, folder: str, report_id: str) -> bytes:
    """A stranger's report of that number, whose key lies beside it as ours do."""
    stranger = generate_signer()
    theirs = stranger.sign(to_json(replace(samples.good_report(), report_id=report_id)))
    sealed.store.write(f"{folder}/{report_id}.jws", theirs)
    sealed.store.write(key_file(stranger.kid), stranger.public_pem())
    return theirs


def left(sealed: Sealed) -> tuple[str, ...]:
    from reprise.workflow.delivery.submit import seal_left

    earlier = [(SESSION, sealed.journal.events(), "aa")]
    return seal_left(earlier, _today(sealed), sealed.signer, sealed.outbox)


@pytest.mark.parametrize("folder", ["outbox", "reports"])
def test_a_stranger_s_report_does_not_keep_ours_from_being_made(
    sealed: Sealed, folder: str
) -> None:
    theirs = planted(sealed, folder, REPORT)
    sealed.seal()
    ours = sealed.file.read_bytes()
    assert ours != theirs
    assert sealed.report().session_id == SESSION
    assert sealed.outbox.read(REPORT) == ours
    if folder == "outbox":  # it is signed, too: nobody here can say that it is nothing
        assert sealed.store.read(f"outbox/{REPORT}.jws") == theirs
    sealed.seal()  # again, as after a restart
    assert sealed.file.read_bytes() == ours


def test_a_stranger_s_report_in_the_queue_does_not_stand_for_a_session_left(
    sealed: Sealed,
) -> None:
    sealed.store.write(f"outbox/{LEFT}.jws", b"rubbish" * 400)
    assert left(sealed) == (LEFT,)
    assert sealed.outbox.read(LEFT) == sealed.store.read(f"reports/{LEFT}.jws")
    assert left(sealed) == ()


@pytest.mark.parametrize("folder", ["outbox", "reports"])
@pytest.mark.parametrize("report_id", [REPORT, LEFT, OLDER])
@pytest.mark.parametrize("what", [b"rubbish", b"\0" * 3000])
def test_rubbish_is_no_report_of_a_session_left(
    sealed: Sealed, folder: str, report_id: str, what: bytes
) -> None:
    sealed.store.write(f"{folder}/{report_id}.jws", what)
    assert left(sealed) == (LEFT,)
    assert sealed.outbox.holds(LEFT)


@pytest.mark.parametrize("report_id", [REPORT, LEFT, OLDER])
def test_a_report_whose_signature_is_damaged_is_none_of_a_session_left(
    sealed: Sealed, report_id: str
) -> None:
    """Its key lies here and has not signed that: the journal still tells all."""
    told = replace(samples.good_report(), report_id=report_id)
    whole = sealed.signer.sign(to_json(told))
    sealed.store.write(f"reports/{report_id}.jws", whole[:-4] + b"AAAA")
    assert left(sealed) == (LEFT,)


def test_a_number_that_is_none_keeps_no_other_session_unreported(sealed: Sealed) -> None:
    from reprise.workflow.delivery.submit import seal_left

    events = sealed.journal.events()
    begun = replace(events[0], event=replace(events[0].event, report_id="a//b"))  # type: ignore[arg-type]
    earlier = [("other", (begun, *events[1:]), "bb"), (SESSION, events, "aa")]
    with pytest.raises(InputError):
        seal_left(earlier, _today(sealed), sealed.signer, sealed.outbox)
    assert sealed.outbox.made(LEFT) is not None


def test_a_report_without_the_last_look_says_so(sealed: Sealed) -> None:
    sealed.seal()
    kinds = [place.kind for place in sealed.report().vanished]
    assert kinds == [UnreachedKind.NOT_LOOKED]
    assert report_outcome(sealed.report()) is Outcome.INCOMPLETE


def test_a_report_after_the_last_look_says_nothing_of_it(sealed: Sealed) -> None:
    sealed.journal.append(StorageLooked(()))
    sealed.seal()
    assert sealed.report().vanished == ()


def test_a_file_that_is_too_large_is_not_read(sealed: Sealed, tmp_path: Path) -> None:
    path = tmp_path / "data" / "reports" / f"{LEFT}.jws"
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        file.truncate(8 * MOST_REPORT_BYTES)
    tracemalloc.start()
    try:
        left(sealed)
        assert tracemalloc.get_traced_memory()[1] < 2 * MOST_REPORT_BYTES
    finally:
        tracemalloc.stop()
