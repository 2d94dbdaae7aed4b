"""Sending reports on a person's word."""

from __future__ import annotations

from typing import Protocol

from reprise.domain.delivery import SendRound


class ReportSender(Protocol):
    def send_now(self) -> SendRound:
        """Try every report that waits, and those that the server refused, once. Blocks as long as
        the server does. Raises RepriseError where no server is set, or where a round is on its
        way already."""
        ...
