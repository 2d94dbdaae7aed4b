"""Which drive of an earlier look is which of a new one: what tells most goes first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.drives.unreached import Unreached, UnreachedKind
from reprise.domain.drives.vanished import meet, unplugged, vanished
from reprise.domain.pc.hardware import Drive, Transport
from reprise.domain.planning.plan import Refusal, RefusalCode
from station_kit.facts import with_facts
from unit.domain.drives.drives import hdd, pc

ONE, TWO = hdd(1), hdd(2)


def at(node: str, one: Drive, **identity: object) -> Drive:
    return replace(one, node=node, identity=with_facts(one.identity, **identity))


def met(before: list[Drive], now: list[Drive]) -> tuple[tuple[int | None, ...], tuple[int, ...]]:
    found = meet(before, now)
    return found.before, found.gone


def test_a_drive_is_known_by_what_it_says_of_itself_wherever_it_stands() -> None:
    assert met([ONE, TWO], [ONE, TWO]) == ((0, 1), ())
    assert met([ONE, TWO], [at("/dev/sdc", TWO), at("/dev/sdd", ONE)]) == ((1, 0), ())
    assert met([ONE, TWO], [TWO]) == ((1,), (0,))
    assert met([ONE], [ONE, TWO]) == ((0, None), ())
    assert met([], [ONE]) == ((None,), ())


def test_of_two_with_one_identity_the_node_tells_which() -> None:
    """A dock that gives each of its drives one serial number."""
    a, b = at("/dev/sda", ONE), at("/dev/sdb", ONE)
    assert met([a, b], [b]) == ((1,), (0,))
    assert met([a, b], [a]) == ((0,), (1,))


def test_the_same_identity_goes_before_the_same_serial_number_at_another_size() -> None:
    """With the hidden area back, the one shows the other's serial number."""
    grown = at("/dev/sda", ONE, size_bytes=2 * ONE.identity.size_bytes)
    plain = at("/dev/sdb", ONE)
    assert met([grown, plain], [at("/dev/sdc", ONE)]) == ((1,), (0,))
    assert met([plain, grown], [at("/dev/sdc", ONE)]) == ((0,), (1,))
    assert met([grown], [at("/dev/sdc", ONE)]) == ((0,), ())


def test_of_two_with_one_identity_the_one_that_stayed_where_it_was_is_known() -> None:
    """A USB bridge that shows what is inside, too, takes nothing from it."""
    outside = replace(at("/dev/sda", ONE), transport=Transport.USB)
    inside = at("/dev/sdb", ONE)
    assert met([ONE], [outside, inside]) == ((None, 0), ())
    assert met([outside], [at("/dev/sda", ONE), replace(outside, node="/dev/sdb")]) == (
        (None, 0),
        (),
    )


def test_what_was_inside_and_hangs_outside_now_is_both_known_and_gone() -> None:
    outside = replace(at("/dev/sdc", ONE), transport=Transport.USB)
    assert met([ONE], [outside]) == ((0,), (0,))
    assert met([outside], [ONE]) == ((0,), ())


def test_a_drive_that_left_keeps_why_it_was_not_to_be_touched_and_left_once() -> None:
    held, left = Refusal(RefusalCode.HELD, "md0"), Refusal(RefusalCode.UNPLUGGED)
    assert unplugged(()) == (left,)
    assert unplugged((held,)) == (held, left)
    assert unplugged((left, held)) == (held, left)


# Each a place where a drive was seen that nothing reached (the last two: in no inventory).
SEEN = [
    UnreachedKind.REMAPPED,
    UnreachedKind.VOLUME,
    UnreachedKind.NO_NAMESPACE,
    UnreachedKind.NVME_NO_DRIVER,
    UnreachedKind.STARTING,
    UnreachedKind.SILENT,
    UnreachedKind.NO_NODE,
    UnreachedKind.APPEARED,
    UnreachedKind.NOT_LOOKED,
]


@pytest.mark.parametrize("kind", UnreachedKind)
def test_only_a_drive_that_was_seen_can_be_missed(kind: UnreachedKind) -> None:
    thing = Unreached(kind, "0000:00:17.0")
    before, now = pc(unreached=(thing,)), pc()
    nobody = meet((), ())
    assert vanished((), before, now, nobody) == ((thing,) if kind in SEEN else ())
    assert vanished((thing,), None, now, nobody) == ((thing,) if kind in SEEN else ())
    assert vanished((thing,), before, before, nobody) == (), "it is still there"


@pytest.mark.parametrize("kind", SEEN)
def test_a_new_drive_inside_accounts_for_one_that_was_starting_and_no_other(
    kind: UnreachedKind,
) -> None:
    things = tuple(Unreached(kind, where) for where in ("ata1", "ata2"))
    before = pc(unreached=things)
    starting = kind is UnreachedKind.STARTING

    def left(*now: Drive) -> tuple[Unreached, ...]:
        return vanished((), before, pc(*now), meet((), now))

    assert left() == things
    assert left(ONE) == (things[1:] if starting else things)
    assert left(ONE, TWO) == (() if starting else things)
    assert left(replace(ONE, transport=Transport.USB)) == things, "that one came by USB"
    known = vanished((), before, pc(ONE), meet((ONE,), (ONE,)))
    assert known == things, "it was there before"
