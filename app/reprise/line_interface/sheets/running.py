"""One check under way: what it asks and sees is said, and a person may break it off."""

from __future__ import annotations

from collections.abc import Sequence
from queue import Empty, SimpleQueue
from threading import Event as Flag
from threading import Thread

from reprise.domain.checks.catalogue import CheckId, CheckReason
from reprise.domain.checks.results import CheckProgress, CheckResult, judge_by_word
from reprise.domain.checks.usb import judge_usb
from reprise.i18n import _
from reprise.line_interface.conversation import Conversation
from reprise.line_interface.sheets.by_word import by_word, keys
from reprise.sentences.checks import how_to_try_ports, ports_seen
from reprise.wording import checks as words
from reprise.workflow.session.checking import Checking, Told, made, needs_nobody

_LOOK_S = 0.2


def run_check(talk: Conversation, stand: Checking, check: CheckId) -> CheckResult | None:
    """None: broken off, it may not begin, or nobody said what only a person can tell: nothing is
    known."""
    if not stand.begin(check):
        return None
    port = None if talk.tools.checks is None else talk.tools.checks().get(check)
    if port is not None:
        talk.output.say(_how(check))
    stop, told = Flag(), SimpleQueue[Told]()

    def work() -> None:
        for item in made(check, None if port is None else port.run, stop):
            told.put(item)

    Thread(target=work, name="check", daemon=True).start()
    try:
        return _Following(talk, stand, check, told).result()
    finally:
        stop.set()
        stand.end(check)


def _how(check: CheckId) -> str:
    """What a person does meanwhile, by the keys that answer. No word is asked for where all is
    measured, as on the screens."""
    if check is CheckId.KEYBOARD:  # its keys are read raw, and do nothing else
        return _("Press every key. To end, hold Esc or Enter for two seconds.")
    how = _("Enter: how far it is. S: break off.")
    if needs_nobody(check):
        return how
    if check is CheckId.USB:
        return f"{how_to_try_ports()} {how}"
    return f"{how} {_('F8: it is faulty.')}"


def _keys(check: CheckId) -> str | None:
    """Those that answer; None: any may be tried."""
    return None if check is CheckId.KEYBOARD else _how(check)


class _Following:
    def __init__(
        self, talk: Conversation, stand: Checking, check: CheckId, told: SimpleQueue[Told]
    ) -> None:
        self._talk, self._stand, self._check, self._told = talk, stand, check, told
        self._progress: CheckProgress | None = None

    def result(self) -> CheckResult | None:
        while self._check not in self._stand.follow():
            try:
                item = self._told.get_nowait()
            except Empty:
                typed = self._talk.listen(_LOOK_S, _keys(self._check))
                if typed is not None and (ended := self._answer(typed.upper())) is not None:
                    return ended[0]
                continue
            if isinstance(item, CheckResult):
                if self._check is CheckId.KEYBOARD:
                    self._talk.forget_typed()  # keys that were tried are no answers
                else:
                    self._talk.inbox.forget_typed()  # a line that is not ended yet is one
                return self._asked(item)
            self._say(item)
        return None

    def _asked(self, result: CheckResult) -> CheckResult | None:
        """With what a person has to say of it."""
        if result.reason is CheckReason.NO_WORD:
            return by_word(self._talk, result)
        if result.reason is CheckReason.KEYS_DEAD:
            return keys(self._talk, result, self._progress.seen if self._progress else ())
        return result

    def _say(self, item: CheckProgress) -> None:
        known, self._progress = self._progress, item
        if item.ask is not None and (known is None or known.ask is not item.ask):
            self._talk.output.say(words.check_ask(item.ask))
        if self._check is CheckId.USB and (known is None or item.seen != known.seen):
            self._talk.output.say(ports_seen(item))

    def _answer(self, typed: str) -> tuple[CheckResult | None] | None:
        """Something in it: this is what it came to."""
        if typed == "S":
            return (None,)
        if self._check is CheckId.KEYBOARD:
            return None
        now = self._progress or CheckProgress(check=self._check)
        if typed == "F8":
            return (judge_by_word(self._check, False, now.measures),)
        if typed == "F4" and self._check is CheckId.USB and now.seen:
            return (judge_usb(now.seen, None),)
        if typed in ("?", "L"):  # in the new language
            self._talk.output.say(_how(self._check))
        self._talk.say(self._how_far(now))
        return None

    def _how_far(self, now: CheckProgress) -> Sequence[str]:
        if self._check is CheckId.USB:
            return (ports_seen(now),)
        return words.measured(now.measures) or (_("running"),)
