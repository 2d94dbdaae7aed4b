"""One check under way: what it asks and sees is said, and a person may break it off."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from threading import Event as Flag
from threading import Thread

from reprise.domain.checks import CheckId, CheckLimit, CheckProgress, CheckReason, CheckResult
from reprise.domain.judge_devices import judge_by_word, judge_usb
from reprise.domain.judge_machine import unknown
from reprise.i18n import _
from reprise.linear.talk import Talk
from reprise.tool_ports.checks import FunctionCheck
from reprise.wording import checks as words

_LOOK_S = 0.2
_Told = CheckProgress | CheckResult


def run_check(talk: Talk, check: CheckId) -> CheckResult | None:
    """None: broken off, nothing is known. What only a person can tell ends as NO_WORD."""
    ports = {} if talk.tools.checks is None else talk.tools.checks()
    if check is CheckId.SCREEN:
        return unknown(check, CheckReason.NO_WORD)
    if check not in ports:
        return unknown(check, CheckReason.TOOL_ABSENT)
    talk.mouth.say(_("Enter: how far it is. S: break off. F8: it is faulty."))
    stop, told = Flag(), SimpleQueue[_Told]()
    work = (ports[check], check, stop, told)
    Thread(target=_work, args=work, name="check", daemon=True).start()
    try:
        return _Following(talk, check, told).result()
    finally:
        stop.set()


def _work(port: FunctionCheck, check: CheckId, stop: Flag, told: SimpleQueue[_Told]) -> None:
    try:
        for item in port.run(stop):
            told.put(item)
    except OSError as error:  # a part that goes away while it is looked at
        told.put(unknown(check, CheckReason.NOT_READABLE, error.strerror or ""))


class _Following:
    def __init__(self, talk: Talk, check: CheckId, told: SimpleQueue[_Told]) -> None:
        self._talk, self._check, self._told = talk, check, told
        self._progress: CheckProgress | None = None

    def result(self) -> CheckResult | None:
        while True:
            try:
                item = self._told.get_nowait()
            except Empty:
                typed = self._talk.listen(_LOOK_S)
                if typed is not None and (ended := self._answer(typed.upper())) is not None:
                    return ended[0]
                continue
            if isinstance(item, CheckResult):
                self._talk.inbox.forget_typed()  # keys that were tried are no answers
                return item
            self._say(item)

    def _say(self, item: CheckProgress) -> None:
        known, self._progress = self._progress, item
        if item.ask is not None and (known is None or known.ask is not item.ask):
            self._talk.mouth.say(words.check_ask(item.ask))
        if self._check is CheckId.USB and known is not None and item.seen != known.seen:
            self._talk.mouth.say(_("Ports seen: {seen}").format(seen=len(item.seen)))

    def _answer(self, typed: str) -> tuple[CheckResult | None] | None:
        """Something in it: this is what it came to."""
        if typed == "S":
            return (None,)
        measures = self._progress.measures if self._progress is not None else ()
        if typed == "F8":
            return (judge_by_word(self._check, False, CheckLimit.BY_EYE, measures),)
        seen = self._progress.seen if self._progress is not None else ()
        if typed == "F4" and self._check is CheckId.USB and seen:
            return (judge_usb(seen, None),)
        if self._check is not CheckId.KEYBOARD:
            said = words.measured(measures) or [_("running")]
            self._talk.say(said)
        return None
