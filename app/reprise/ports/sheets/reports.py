"""Sending reports on a person's word."""

from __future__ import annotations

from typing import Protocol

from reprise.domain.station.delivery import SendRound


class ReportSender(Protocol):
    def send_now(self) -> SendRound:
        """Try every report that waits, and those that the server refused, once. Blocks as long as
        the server does. Raises RepriseError alone: where no server is set, or a round is on its
        way already."""
        ...
