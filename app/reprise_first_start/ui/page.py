"""What a page is, and what pages know of each other: the answers so far."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reprise_first_start.answers import Draft
from reprise_first_start.contract import Contract
from reprise_first_start.files import Root
from reprise_first_start.ui.kit import Complaint


@dataclass(slots=True, kw_only=True)
class PageContext:
    """What every page works on. `go_on`: as if "Continue" was pressed. `renew`: build the page
    anew, in another language or size. `label`: what "Continue" is called on this page."""

    root: Root
    contract: Contract
    draft: Draft
    taken: frozenset[str]
    complaint: Complaint
    go_on: Callable[[], None]
    renew: Callable[[], None]
    label: Callable[[str], None]
    switches: Switches


@dataclass(slots=True)
class Switches:
    """How it all is shown. `speak`: None where Orca is not there."""

    large: bool = False
    contrast: bool = False
    changed: Callable[[], None] = lambda: None
    speak: Callable[[], None] | None = None


class Page(ABC):
    """Built anew each time it is shown; what was answered is in the draft."""

    name: str  # for the journal

    def __init__(self, context: PageContext) -> None:
        self._context = context

    @abstractmethod
    def title(self) -> str: ...

    @abstractmethod
    def build(self) -> Any:
        """Returns the page's widget."""

    def wanted(self) -> bool:
        """False: there is nothing to ask, it is left out."""
        return True

    def focus(self) -> None:  # noqa: B027 - some have nothing to focus
        """Where the keyboard goes."""

    def check(self) -> None:  # noqa: B027 - some have nothing to check
        """Raises FirstStartError where one cannot go on; the focus is where it is put right."""
