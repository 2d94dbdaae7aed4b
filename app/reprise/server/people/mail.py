"""Mail that Reprise sends: plain text, in the language of whoever caused it."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, datetime
from smtplib import SMTPException

from django.core.mail import send_mail

from reprise import wording
from reprise.i18n import _
from reprise.server.people.account_words import mailed
from reprise.server.people.browsers import browser_word
from reprise.server.people.invitations import Invitation
from reprise.server.people.words import role_word
from reprise.server.settings import base_address, in_force

log = logging.getLogger("reprise.server")
# What nobody waits for: how long an answer takes would tell whether somebody has an account, and a
# slow mail server would hold all that make pages. A process that ends sends what waits first, as
# long as it is given: see send_what_waits. No job does it: a link that opens an account is kept
# nowhere.
_post = ThreadPoolExecutor(1, "mail")
_MOST_WAITING = 100
_room = threading.BoundedSemaphore(_MOST_WAITING)


def sends_mail() -> bool:
    return bool(in_force().mail.host)


def invitation_link(secret: str) -> str:
    return f"{base_address()}/join/{secret}"


def mail_invitation(invitation: Invitation, link: str) -> bool:
    """Whether it was sent: where it was not, the link is handed on by a person."""
    name = invitation.organisation_name or "Reprise"
    subject = _("Reprise – an invitation of {organisation}").format(organisation=name)
    body = _(
        "Hello,\n\n{organisation} invites you to Reprise, as {role}. Reprise erases donated PCs, "
        "proves it, and gives them a second life.\n\nJoin here, within seven days:\n\n{link}\n\n"
        "If you did not expect this message, you need do nothing."
    ).format(organisation=name, role=role_word(invitation.role), link=link)
    return _sent(invitation.email, subject, body)


def mail_reset(email: str, link: str) -> None:
    subject = _("Reprise – choose a new password")
    body = _(
        "Hello,\n\nsomebody, you as we hope, asked for a new password of your account on Reprise. "
        "Choose it here, within one day:\n\n{link}\n\nIf it was not you, you need do nothing: "
        "your password stays as it is."
    ).format(link=link)
    _hand_over(email, subject, body)


def mail_notice(template: str, email: str, address: str, browser: str) -> None:
    """What was changed about logging in, to who may not have done it."""
    done = mailed(template)
    body = _(
        "Hello,\n\n{done}\n\nWhen: {when} (UTC)\nFrom: {address}, {browser}\n\nIf it was not you, "
        "choose a new password at once, and tell an administrator of your organisation:\n\n{link}"
    ).format(
        done=done,
        when=wording.moment(datetime.now(UTC).replace(tzinfo=None).isoformat()),
        address=address,
        browser=browser_word(browser),
        link=f"{base_address()}/account/password/reset/",
    )
    _hand_over(email, _subject(done), body)


def mail_factors_removed(email: str) -> None:
    """To who had lost them, as we hope."""
    done = _("Your second factor was removed, and all your sessions were ended.")
    body = _(
        "Hello,\n\n{done} An administrator of your organisation did it, as it is done where an app "
        "or a key is lost. Log in with your password, and set up a new second factor:\n\n{link}\n\n"
        "If you did not ask for it, tell your organisation at once."
    ).format(done=done, link=f"{base_address()}/account/2fa/")
    _hand_over(email, _subject(done), body)


def mail_keeper_let_go(email: str) -> bool:
    """Whether it was sent."""
    done = _("You look after the server no more.")
    body = _(
        "Hello,\n\n{done} Somebody else who looks after it has taken that right away, or you gave "
        "it up. Your account stays, and your roles in organisations:\n\n{link}\n\nIf you did not "
        "expect it, ask whoever looks after the server."
    ).format(done=done, link=f"{base_address()}/me")
    return _sent(email, _subject(done), body)


def _subject(done: str) -> str:
    return _("Reprise – {done}").format(done=done.rstrip("."))


def _hand_over(email: str, subject: str, body: str) -> None:
    """To be sent after the answer. Where very many wait it is dropped, as the log says."""
    if not sends_mail():
        return
    if _room.acquire(blocking=False):
        _post.submit(copy_context().run, _send_next, email, subject, body)
    else:
        log.warning("no mail was sent: %d wait", _MOST_WAITING)


def send_what_waits(until: float) -> None:
    """By a process that makes no page any more: Python waits for no thread where os._exit ends it,
    as children.py does. What is not sent by then (of time.monotonic()) is lost, as the log says."""
    _post.shutdown(wait=False)
    sent = (_room.acquire(timeout=max(0, until - time.monotonic())) for _ in range(_MOST_WAITING))
    if lost := _MOST_WAITING - sum(sent):
        log.warning("no mail was sent: %d waited when the process ended", lost)


def _send_next(email: str, subject: str, body: str) -> None:
    try:
        _sent(email, subject, body)
    except Exception:  # nobody looks at what this thread ends with
        log.exception("no mail was sent")
    finally:
        _room.release()


def _sent(email: str, subject: str, body: str) -> bool:
    if not sends_mail():
        return False
    try:
        send_mail(subject, body, None, [email])
    except (OSError, SMTPException) as error:
        log.warning("no mail was sent: %s", type(error).__name__)
        return False
    return True
