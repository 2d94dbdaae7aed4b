"""A shell asks what may follow on the command line (see the files in reprise/completions)."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence


def asked() -> Sequence[str] | None:
    """The words typed so far, without the program's; None where no shell asks."""
    if "_ARGCOMPLETE" not in os.environ:
        return None
    return os.environ.get("COMP_LINE", "").split()[1:]


def answer(parser: argparse.ArgumentParser) -> None:
    """Writes the answer where the shell wants it, and ends the process."""
    import argcomplete  # nobody else pays for it

    argcomplete.autocomplete(parser, always_complete_options=False)
