"""The loudspeakers. The lists are as alsa-utils 1.2.14 prints them."""

from __future__ import annotations

from threading import Event as Flag

from reprise.adapters.checks.sound import SoundCheck
from reprise.domain.checks.catalogue import CheckAsk, CheckReason
from reprise.domain.checks.results import CheckProgress, CheckResult, CheckStatus
from unit.adapters.checks.alsa_kit import alsa
from unit.adapters.checks.check_kit import end, pc_of, told
from unit.adapters.hardware.made_tree import MadeTree, answer


def test_sound_is_played_on_both_sides_and_never_passes_by_itself(tree: MadeTree) -> None:
    alsa(tree)
    left, right, result = SoundCheck(pc_of(tree)).run(Flag())
    assert isinstance(left, CheckProgress)
    assert isinstance(right, CheckProgress)
    assert isinstance(result, CheckResult)
    assert (left.ask, right.ask) == (CheckAsk.LISTEN_LEFT, CheckAsk.LISTEN_RIGHT)
    assert told(result) == (CheckStatus.UNKNOWN, CheckReason.NO_WORD)
    played = [argv for argv in tree.asked if argv[0] == "aplay"][1:]
    assert all("--device=plughw:1,0" in argv for argv in played)


def test_sound_without_card_tool_or_luck(tree: MadeTree) -> None:
    assert told(end(SoundCheck(pc_of(tree)))) == (CheckStatus.UNKNOWN, CheckReason.TOOL_ABSENT)
    alsa(tree, play_code=1)
    result = end(SoundCheck(pc_of(tree)))
    assert told(result) == (CheckStatus.UNKNOWN, CheckReason.TOOL_FAILED)
    assert "Device busy" in result.detail
    tree.answers["aplay"] = answer("", 1, b"aplay: no soundcards found...")
    assert told(end(SoundCheck(pc_of(tree)))) == (CheckStatus.UNKNOWN, CheckReason.NONE_FOUND)
