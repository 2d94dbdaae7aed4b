"""Mail that Reprise sends itself."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.core.mail import send_mail

from reprise.i18n import _
from reprise.server.people.invitations import Invitation
from reprise.server.people.words import role_word
from reprise.server.settings import base_address, in_force

log = logging.getLogger("reprise.server")


def invitation_link(secret: str) -> str:
    return f"{base_address()}/join/{secret}"


def mail_invitation(invitation: Invitation, link: str) -> bool:
    """Whether it was sent: where it was not, the link is handed on by a person."""
    if not in_force().mail.host:
        return False
    name = invitation.organisation_name or "Reprise"
    subject = _("Reprise – an invitation of {organisation}").format(organisation=name)
    body = _(
        "Hello,\n\n{organisation} invites you to Reprise, as {role}. Reprise erases donated PCs, "
        "proves it, and gives them a second life.\n\nJoin here, within seven days:\n\n{link}\n\n"
        "If you did not expect this message, you need do nothing."
    ).format(organisation=name, role=role_word(invitation.role), link=link)
    try:
        send_mail(subject, body, None, [invitation.email])
    except (OSError, SMTPException) as error:
        log.warning("no mail was sent: %s", type(error).__name__)
        return False
    return True
