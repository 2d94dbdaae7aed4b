"""An operator's word that nothing is attached to a controller: whole sessions on fake ports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reprise.adapters.station.local_socket import SocketListener, connect
from reprise.domain.drives.unreached import Unreached, UnreachedKind
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.report.events import Operator
from reprise.domain.report.fold import fold
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import Report
from reprise.domain.report.report_outcome import report_outcome
from reprise.errors import RefusedError
from reprise.sentences import nothing_attached
from reprise.sentences.done import headline, word_for_the_pc
from reprise.workflow.engine.client import RemoteEngine
from reprise.workflow.engine.engine import Engine
from reprise.workflow.session.came_to import all_erased
from reprise.workflow.session.session import Session
from reprise.workflow.session.state import SessionState
from station_kit.listener import station_by_ear
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from station_kit.processes import until
from workflow.test_session import opened

MAY_BE = Unreached(UnreachedKind.NO_DRIVER, "0000:03:00.0", "class=0107")
IS_THERE = Unreached(UnreachedKind.SILENT, "link3", "sata_spd=6.0 Gbps")


def kit_of(*found: Unreached) -> Kit:
    return Kit(replace(laptop(hdd()), unreached=found))


def run(kit: Kit, *said: Unreached) -> tuple[Session, Report]:
    from threading import Event as Flag

    session = opened(kit)
    session.name_operator(Operator(name="A. Martin"))
    for about in said:
        session.state_storage(about)
    session.confirm(session.state.digest)
    session.run(None, kit.services().install_defaults, Flag())
    return session, fold(kit.journal.lines)


def test_without_a_word_the_pc_is_not_erased_though_its_drive_is() -> None:
    session, report = run(kit_of(MAY_BE))
    assert [d.state for d in session.state.drives] == [DriveState.SANITIZED]
    assert not all_erased(session.state)
    assert report_outcome(report) is Outcome.INCOMPLETE


def test_the_word_is_kept_with_the_operators_name_and_answers_it() -> None:
    session, report = run(kit_of(MAY_BE), MAY_BE)
    assert all_erased(session.state)
    assert report_outcome(report) is Outcome.ERASED
    assert [(one.about, one.by) for one in report.stated] == [(MAY_BE, "A. Martin")]


def test_each_word_is_kept() -> None:
    second = replace(MAY_BE, where="0000:04:00.0")
    session, report = run(kit_of(MAY_BE, second), MAY_BE, second)
    assert [one.about for one in session.state.stated] == [MAY_BE, second]
    assert [one.about for one in report.stated] == [MAY_BE, second]
    assert all_erased(session.state)


def test_another_reason_stays_open() -> None:
    session, report = run(kit_of(MAY_BE, IS_THERE), MAY_BE)
    assert not all_erased(session.state)
    assert report_outcome(report) is Outcome.INCOMPLETE


def test_no_word_about_a_drive_that_was_seen_nor_about_nothing() -> None:
    kit = kit_of(MAY_BE, IS_THERE)
    session = opened(kit)
    for about in (IS_THERE, replace(MAY_BE, where="0000:04:00.0"), replace(MAY_BE, detail="")):
        with pytest.raises(RefusedError):
            session.state_storage(about)
    session.state_storage(MAY_BE)
    with pytest.raises(RefusedError):  # once is enough
        session.state_storage(MAY_BE)
    assert kit.journal.kinds().count("StorageStated") == 1


def test_none_once_the_report_is_signed() -> None:
    session, _report = run(kit_of(MAY_BE))
    with pytest.raises(RefusedError, match="signé"):
        session.state_storage(MAY_BE)


def test_who_states_is_a_person_so_nothing_begins_by_itself_any_more() -> None:
    session = opened(kit_of(MAY_BE))
    assert not session.state.by_hand
    session.state_storage(MAY_BE)
    assert session.state.by_hand
    assert session.state.unusual, "more than one word is asked for all the same"


def test_a_look_that_finds_something_else_asks_again() -> None:
    kit = kit_of(MAY_BE)
    session = opened(kit)
    session.state_storage(MAY_BE)
    kit.probe.inventory = replace(kit.probe.inventory, unreached=(IS_THERE,))
    session.look()
    assert nothing_attached.statable(session.state) == ()
    assert not all_erased(session.state)


def test_a_pc_without_a_drive_that_may_hide_one_is_not_called_empty() -> None:
    kit = Kit(replace(laptop(), unreached=(MAY_BE,)))
    session = opened(kit)
    assert headline(session.state) == "CE PC N’EST PAS ENTIÈREMENT EFFACÉ"
    assert word_for_the_pc(session.state) == "NON EFFACÉ"


def test_it_travels_to_the_engine_in_another_process(tmp_path: Path) -> None:
    from threading import Thread

    from reprise.workflow.engine import listener

    kit = kit_of(MAY_BE, IS_THERE)
    engine = Engine(kit.services, poll_s=0.05)
    engine.start()
    path = tmp_path / "engine"
    door = SocketListener(path)
    Thread(target=listener.serve, args=(engine, door), daemon=True).start()
    client = RemoteEngine(lambda: connect(path), retry_s=0.05)
    client.start()
    try:
        until(lambda: client.state.plan is not None, "the plan")
        client.state_storage(MAY_BE)
        until(lambda: bool(client.state.stated), "the statement")
        with pytest.raises(RefusedError):
            client.state_storage(IS_THERE)
    finally:
        client.close()
        door.close()
        engine.close()


def asked(*found: Unreached) -> SessionState:
    return opened(kit_of(*found)).state


@pytest.mark.parametrize(
    ("typed", "about"),
    [
        ("1 RIEN", MAY_BE),
        ("  1   rien ", MAY_BE),
        ("1", None),
        ("RIEN", None),
        ("0 rien", None),
        ("2 rien", None),
        ("-1 rien", None),
        ("² rien", None),
        ("", None),
    ],
)
def test_a_number_and_the_word(typed: str, about: Unreached | None) -> None:
    assert nothing_attached.stated(asked(IS_THERE, MAY_BE), typed) == about


def test_a_number_stays_with_its_line() -> None:
    """Who types the same answer twice has stated one thing."""
    other = replace(MAY_BE, where="0000:05:00.0")
    session = opened(kit_of(MAY_BE, IS_THERE, other))
    session.state_storage(MAY_BE)
    assert nothing_attached.stated(session.state, "1 rien") is None
    assert [row[:2] for row in nothing_attached.rows(session.state)] == ["2."]
    assert nothing_attached.stated(session.state, "2 rien") == other


def test_by_ear() -> None:
    kit = kit_of(MAY_BE, IS_THERE)
    with station_by_ear(kit) as ear:
        for _field in range(4):
            ear.answers("sur 4.")
        ear.answers("P : précédent.")
        ear.hears("Attention : il n'y a pas de pilote", "0000:03:00.0", "Attention : quelque chose")
        ear.answers("A : rien n'est branché.", "a")
        ear.hears("votre déclaration", "1. il n'y a pas de pilote")
        ear.answers("puis RIEN :", "1 non")
        ear.hears("rien n'a été déclaré")
        ear.answers("A : rien n'est branché.", "a")
        ear.answers("puis RIEN :", "1 rien")
        ear.hears("Déclaration prise en compte", "A. Martin déclare que rien n'y est branché")
        ear.hears("Entrée : continuer. N : nouvelle lecture des disques. P : précédent.")
    assert kit.journal.kinds().count("StorageStated") == 1
