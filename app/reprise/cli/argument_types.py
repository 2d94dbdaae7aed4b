"""What an option's value must be. argparse shows the words of an ArgumentTypeError as they are; of
any other error it shows the name of our function."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from reprise import wording
from reprise.i18n import _


def whole_number(text: str) -> int:
    """For `type=`. Which ones are good is for the settings to say: files give the same ones."""
    try:
        return int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            _("“{text}” is not a whole number").format(text=text)
        ) from error


def number_above_zero(most: float) -> Callable[[str], float]:
    """A number above zero, `most` at most, for `type=`; a comma is as good as a point."""

    def parse(text: str) -> float:
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            value = 0.0
        if not 0 < value <= most:  # not a number is neither
            raise argparse.ArgumentTypeError(
                _("“{text}” is no number above 0 and up to {most}").format(
                    text=text, most=wording.number(round(most))
                )
            )
        return value

    return parse
