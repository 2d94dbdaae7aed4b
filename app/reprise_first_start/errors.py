"""What a person at their first start is told when something does not work."""

from __future__ import annotations


class FirstStartError(Exception):
    """`what`: one plain sentence. `what_to_do`: the next thing to try, never empty."""

    def __init__(self, what: str, what_to_do: str) -> None:
        super().__init__(f"{what} {what_to_do}")
        self.what, self.what_to_do = what, what_to_do
