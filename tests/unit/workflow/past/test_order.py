"""Sessions in their order, whatever the clocks say."""

from __future__ import annotations

import errno
import json
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import pytest

from reprise.adapters.pc.clock import SystemClock
from reprise.adapters.storage.journal import StoreJournal
from reprise.adapters.storage.store import FolderStore, MirroredStore
from reprise.bootstrap.past import earlier
from reprise.bootstrap.station import session_started
from reprise.codec import event_from_builtins, event_to_builtins
from reprise.domain.install.events import InstallFinished, InstallStarted
from reprise.domain.pc.hardware import Drive, Machine
from reprise.domain.planning.techniques import Technique, Verdict
from reprise.domain.report import events as ev
from reprise.workflow.past.installs import find_cut_installs, find_installed
from reprise.workflow.past.order import in_order, newest
from reprise.workflow.past.sessions import EarlierSession, find_earlier
from station_kit.shortcuts import find_interrupted
from unit.adapters.delivery.delivery_samples import (
    DRIVE,
    KEY,
    attempt,
    checkpoint,
    finished,
    inventory,
    started,
)
from unit.domain.drives.drives import hdd, pc

pytestmark = pytest.mark.processes

# The clock of a PC whose battery is dead begins in 2011 at every start.
TODAY, DEAD = "2026-11-24T10:00:00.000Z", "2011-01-01T00:00:00.000Z"
INSTALLING = InstallStarted(KEY, DRIVE.node, "debian", "13.2", "0" * 64)
INSTALLED = InstallFinished(KEY, ok=True, duration_s=1.0, detail="")
SEALED = ev.ReportSealed("r-1", "0" * 64, "stick")

Session = tuple[str, tuple[ev.Stamped, ...]]


def session(name: str, after: tuple[str, ...] | None, at: str, *events: ev.Event) -> Session:
    all_events = (started(session_id=name, after=after), *events)
    return name, tuple(ev.Stamped(n, at, float(n), one) for n, one in enumerate(all_events, 1))


def success(name: str, after: tuple[str, ...] | None, at: str) -> Session:
    return session(name, after, at, attempt("ok"), finished("ok"))


def cut(name: str, after: tuple[str, ...] | None, at: str) -> Session:
    return session(name, after, at, attempt("cut"), checkpoint(100, "cut"))


@pytest.mark.parametrize("turned", [False, True])
def test_an_old_success_does_not_hide_a_cut_that_a_dead_clock_dates_before_it(turned: bool) -> None:
    known = [success("a", (), TODAY), cut("b", ("a",), DEAD)]
    (found,) = find_interrupted(reversed(known) if turned else known)
    assert (found.session_id, found.done_bytes, found.resumable) == ("b", 100, True)


@pytest.mark.parametrize("turned", [False, True])
def test_a_success_that_came_later_counts_whatever_its_clock_says(turned: bool) -> None:
    known = [cut("a", (), TODAY), success("b", ("a",), DEAD)]
    assert find_interrupted(reversed(known) if turned else known) == ()


def test_later_is_also_what_came_after_what_came_after() -> None:
    between = session("b", ("a",), TODAY, inventory())
    assert find_interrupted([cut("a", (), TODAY), between, success("c", ("b",), DEAD)]) == ()
    order = in_order([success("c", ("b",), DEAD), cut("a", (), TODAY), between])
    assert [name for name, _events in order.sessions] == ["a", "b", "c"]
    assert order.surely_before("a", "c") and not order.surely_before("c", "a")
    assert not order.surely_before("a", "a") and not order.surely_before("x", "a")


@pytest.mark.parametrize("at", [TODAY, DEAD])
def test_a_success_of_which_nobody_knows_that_it_was_later_clears_nothing(at: str) -> None:
    """One session began without the stick, and its journal came onto it later."""
    (found,) = find_interrupted([cut("a", (), at), success("b", (), TODAY)])
    assert found.session_id == "a"
    assert (found.resumable, found.done_bytes) == (False, 0), "the other may have been later"


def test_a_cut_beside_another_attempt_is_not_taken_up() -> None:
    begun = attempt("cut", technique=Technique.ATA_SANITIZE_BLOCK)
    planted = ev.Observation(KEY, ev.ObservationKind.CANARIES_PLANTED)
    accepted = ev.Observation(KEY, ev.ObservationKind.COMMAND_ACCEPTED)
    left = session("a", (), TODAY, begun, planted, accepted)
    assert find_interrupted([left])[0].reattachable
    other = session("b", (), DEAD, attempt("j"), finished("j", Verdict.UNVERIFIED))
    assert not find_interrupted([left, other])[0].reattachable


def test_older_versions_named_nothing_and_go_by_the_clock() -> None:
    early, late = DEAD, TODAY
    assert find_interrupted([success("b", None, late), cut("a", None, early)]) == ()
    (found,) = find_interrupted([cut("b", None, late), success("a", None, early)])
    assert found.session_id == "b"
    named = success("c", ("b",), DEAD)
    assert find_interrupted([named, cut("b", None, late), cut("a", None, early)]) == ()


def test_an_older_journal_still_reads() -> None:
    row = event_to_builtins(ev.Stamped(1, TODAY, 1.0, started(after=("x",))))
    assert event_from_builtins(row).event == started(after=("x",))
    older = json.loads(json.dumps(row).replace(', "after": ["x"]', ""))
    assert older != row
    assert event_from_builtins(older).event == started(after=None)


def test_journals_that_name_each_other_are_in_no_known_order() -> None:
    order = in_order([cut("a", ("b",), TODAY), success("b", ("a",), TODAY)])
    assert len(order.sessions) == 2
    assert not order.surely_before("a", "b") and not order.surely_before("b", "a")


def test_a_new_session_names_what_no_other_names() -> None:
    assert newest({"a": (), "b": ("a",), "c": ("a",), "d": None}) == ("b", "c", "d")
    assert newest({}) == ()


def test_a_session_names_what_its_store_holds(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    clock = SystemClock()
    names = []
    for _n in range(3):
        event = session_started("s", "kid", clock, store)
        StoreJournal(store, event.session_id, clock).append(event)
        names.append((event.session_id, event.after))
    assert names[0][1] == ()
    assert [after for _id, after in names[1:]] == [(names[0][0],), (names[1][0],)]
    (tmp_path / "journal/garbled.jsonl").write_bytes(b"\0\0\0\n")
    event = session_started("s", "kid", clock, store)
    assert event.after == tuple(sorted((names[2][0], "garbled")))


def test_a_session_at_work_elsewhere_in_this_pc_is_not_named(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    journal = StoreJournal(store, "at-work", SystemClock())
    journal.append(started())
    assert session_started("s", "kid", SystemClock(), store).after == ()
    del journal
    assert session_started("s", "kid", SystemClock(), store).after == ("at-work",)


def test_a_journal_that_tells_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stick/journal").mkdir(parents=True)
    store = MirroredStore(tmp_path / "memory", lambda: tmp_path / "stick")
    journal = tmp_path / "stick/journal"
    (journal / "begun.jsonl").write_bytes(b'{"seq":1,"at":"2026')  # the power went at once
    (journal / "empty.jsonl").write_bytes(b"")
    (journal / "garbled.jsonl").write_bytes(b"\0\0\0\n\0\0\n")
    (journal / "unread.jsonl").write_bytes(b"x")
    real = Path.open

    def opened(self: Path, mode: str = "r", **how: Any) -> IO[Any]:
        if self.name == "unread.jsonl":
            raise OSError(errno.EIO, "Input/output error")
        return real(self, mode, **how)

    monkeypatch.setattr(Path, "open", opened)
    assert earlier(store).unread == ("garbled", "unread")


# --- installations ------------------------------------------------------------------------------


def installed(name: str, after: tuple[str, ...] | None, at: str = TODAY) -> Session:
    done = (attempt("ok"), finished("ok"), INSTALLING, INSTALLED, SEALED)
    return session(name, after, at, *done)


def test_an_installed_drive_stays_so_until_its_erasure_surely_began_later() -> None:
    first = installed("a", ())
    assert find_installed([first]) == {DRIVE.identity: "debian"}
    for after, left in ((("a",), {}), ((), {DRIVE.identity: "debian"})):
        assert find_installed([first, cut("b", after, DEAD)]) == left
        assert find_installed([first, cut("b", after, TODAY + "Z")]) == left
    failed = replace(INSTALLED, ok=False)
    assert find_installed([session("a", (), TODAY, attempt("j"), INSTALLING, failed)]) == {}


def test_a_cut_installation_stands_only_where_nothing_may_have_come_later() -> None:
    broken = session("a", (), TODAY, attempt("ok"), finished("ok"), INSTALLING)
    assert find_cut_installs([broken]) == {DRIVE.identity: "debian"}
    for other in (success("b", (), DEAD), success("b", ("a",), DEAD), installed("b", ())):
        assert find_cut_installs([broken, other]) == {}
    before = success("0", (), TODAY)
    later = session("a", ("0",), DEAD, attempt("ok"), finished("ok"), INSTALLING)
    assert find_cut_installs([before, later]) == {DRIVE.identity: "debian"}


# --- sessions whose end nobody knows -------------------------------------------------------------

HERE, OTHER = Machine(uuid="u-1", serial="S-1"), Machine(uuid="u-2", serial="S-2")


def looked(name: str, after: tuple[str, ...], machine: Machine, *events: ev.Event) -> Session:
    taken = ev.InventoryTaken(pc(DRIVE, machine=machine))
    return session(name, after, TODAY, taken, *events)


def unended(sessions: list[Session], machine: Machine = HERE, drive: Drive = DRIVE) -> bool:
    today = pc(drive, machine=machine)
    (past,) = find_earlier(sessions).pasts(today).values()
    return past.unended


def test_a_journal_without_its_report_has_no_known_end() -> None:
    open_ = looked("a", (), HERE)
    assert unended([open_])
    assert unended([open_], HERE, hdd(2)), "another drive of the same PC"
    assert unended([open_], OTHER), "the same drive in another PC"
    assert not unended([open_], OTHER, hdd(2))
    assert not unended([looked("a", (), HERE, SEALED)])


def test_a_later_session_that_came_to_its_end_tells_how_the_drive_is() -> None:
    open_ = looked("a", (), HERE)
    assert not unended([open_, looked("b", ("a",), HERE, SEALED)])
    assert unended([open_, looked("b", (), HERE, SEALED)]), "nobody knows that it was later"
    assert unended([open_, looked("b", ("a",), HERE)])
    elsewhere = ev.InventoryTaken(pc(hdd(2), machine=HERE))
    assert unended([open_, session("b", ("a",), TODAY, elsewhere, SEALED)])


def test_a_drive_that_nothing_tells_apart_may_be_the_one_that_was_met_here() -> None:
    for serial in (None, "0123456789ABCDEF"):
        identity = replace(DRIVE.identity, serial=serial, wwn=None)
        nobody = replace(DRIVE, identity=identity)
        done = looked("a", (), HERE, SEALED)
        assert unended([done], HERE, nobody)
        assert not unended([done], OTHER, nobody)


def test_a_visit_tells_the_pc_and_its_drives() -> None:
    (visit,) = find_earlier([looked("a", (), HERE), session("b", (), TODAY)]).visits
    assert visit == EarlierSession("a", HERE, (DRIVE.identity,), ended=False)


def test_a_drive_erased_anew_in_the_session_that_installed_it_holds_nothing() -> None:
    done = (attempt("ok"), finished("ok"), INSTALLING, INSTALLED)
    assert find_installed([session("a", (), TODAY, *done, attempt("again"))]) == {}


def test_an_end_whose_beginning_is_lost_names_no_system_of_another_session() -> None:
    lost = session("b", ("a",), TODAY, attempt("ok"), finished("ok"), INSTALLED)
    assert find_installed([installed("a", ()), lost]) == {DRIVE.identity: ""}
