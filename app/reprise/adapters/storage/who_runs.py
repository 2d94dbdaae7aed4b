"""Who runs this command, where a path is not theirs: the server's commands run as its own user, who
reads nothing in the folder of whoever types them."""

from __future__ import annotations

import os
import pwd

from reprise.i18n import _
from reprise.system_words import who_may


def who_runs(error: OSError, otherwise: str) -> str:
    """The advice where the user has no right to a path, else `otherwise`."""
    if not who_may(error):
        return otherwise
    try:
        user = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # of a container
        user = str(os.geteuid())
    text = _("“{user}” runs this command: give a path that this user may read or write.")
    return text.format(user=user)
