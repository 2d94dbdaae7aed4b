"""What an ATA drive can do, asked of the drive itself on the open device. Nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.capabilities.identify import Told, ask_identify_device
from reprise.adapters.drives.passthrough.ata_taskfile import AtaAccess, AtaAnswer, SatAta
from reprise.domain.drives.capabilities import AtaCapabilities, SanitizeState, Support
from reprise.domain.pc.hardware import Reason
from reprise.errors import ToolError
from reprise.wire.ata import (
    AtaCommand,
    device_configuration_identify,
    get_native_max,
    read_native_max,
    sanitize_status,
)
from reprise.wire.ata_identify import Identify, parse_dco_sectors
from reprise.wire.sat import parse_sanitize_status

T = TypeVar("T")
_SHOWN_WORDS = (59, 82, 83, 85, 89, 90, 119, 128)


class NotAtaError(Exception):
    """The device does not take ATA commands."""


@dataclass(frozen=True, slots=True)
class AtaQuestions:
    """Asks one open drive; what it does not answer is None, with the reason in `evidence`."""

    access: AtaAccess
    device: BlockFile
    evidence: dict[str, str]

    def identify(self) -> Told | None:
        """Raises NotAtaError."""
        try:
            told = ask_identify_device(self.access, self.device)
        except OSError as error:
            self.evidence["identify"] = Reason.TOOL_FAILED.because(error.strerror or str(error))
            return None
        self.evidence["identify"] = told.answer.text
        if told.identify is not None:
            for word in _SHOWN_WORDS:
                self.evidence[f"w{word}"] = f"{told.identify.words[word]:04x}"
        elif told.answer.not_ata:
            raise NotAtaError
        else:
            self.evidence["identify"] = Reason.UNREADABLE.because(told.answer.text)
        return told

    def sanitize_state(self) -> SanitizeState:
        """Only for a drive that has the feature set."""
        status = self._asked(
            "sanitize-status",
            sanitize_status(),
            lambda answer: parse_sanitize_status(answer.registers),
        )
        return status.state if status is not None else SanitizeState.UNKNOWN

    def native_sectors(self, identify: Identify) -> int | None:
        """The maximum behind AMAC or a host protected area; None where the drive has neither."""
        if identify.amac is Support.YES:
            return self._asked(
                "native-max", get_native_max(), lambda answer: _sectors(answer, True)
            )
        if identify.hpa is Support.YES:
            extended = identify.lba48
            command = read_native_max(extended=extended)
            return self._asked("native-max", command, lambda answer: _sectors(answer, extended))
        return None

    def dco_sectors(self) -> int | None:
        """Only for a drive that has the feature set."""
        return self._asked(
            "dco", device_configuration_identify(), lambda answer: parse_dco_sectors(answer.data)
        )

    def _asked(self, name: str, command: AtaCommand, parse: Callable[[AtaAnswer], T]) -> T | None:
        try:
            answer = self.access.send(self.device, command)
        except OSError as error:
            self.evidence[name] = Reason.TOOL_FAILED.because(error.strerror or str(error))
            return None
        self.evidence[name] = answer.text
        if answer.not_ata:
            return None
        try:
            if not answer.ok and command != sanitize_status():
                raise ToolError(answer.text)
            return parse(answer)
        except ToolError as error:
            self.evidence[name] = Reason.UNREADABLE.because(str(error))
            return None


def _sectors(answer: AtaAnswer, extended: bool) -> int:
    last = answer.registers.address(extended=extended) if answer.registers else None
    if not last:
        raise ToolError(answer.text)
    return last + 1


def read_ata(
    device: BlockFile, evidence: dict[str, str], access: AtaAccess | None = None
) -> AtaCapabilities | None:
    """None where the drive does not speak this command set; all UNKNOWN where it should but gave
    no answer that can be trusted."""
    ask = AtaQuestions(access or SatAta(), device, evidence)
    try:
        told = ask.identify()
    except NotAtaError:
        return None
    if told is None or told.identify is None:
        return AtaCapabilities()
    identify = told.identify
    capabilities = told_by_identify(identify) if told.with_registers else known_by(identify)
    if capabilities.sanitize is Support.YES:
        capabilities = replace(capabilities, sanitize_state=ask.sanitize_state())
    return replace(
        capabilities,
        native_sectors=_at_least(
            capabilities.visible_sectors, ask.native_sectors(identify), evidence
        ),
        dco_sectors=ask.dco_sectors() if capabilities.dco is Support.YES else None,
    )


def _at_least(visible: int | None, native: int | None, evidence: dict[str, str]) -> int | None:
    """A native maximum below what is visible is no answer."""
    if native is not None and native < (visible or 0):
        evidence["native-max"] = Reason.UNREADABLE.because(f"{native} < {visible}")
        return None
    return native


def told_by_identify(identify: Identify) -> AtaCapabilities:
    """The part of the capabilities that IDENTIFY DEVICE tells."""
    return AtaCapabilities(
        security=identify.security(0),
        security_enhanced=identify.security(5),
        security_enabled=identify.security(1),
        security_locked=identify.security(2),
        security_frozen=identify.security(3),
        security_expired=identify.security(4),
        security_maximum=identify.security(8),
        erase_minutes=identify.erase_minutes,
        erase_enhanced_minutes=identify.erase_enhanced_minutes,
        sanitize=identify.sanitize(12),
        sanitize_crypto=identify.sanitize(13),
        sanitize_overwrite=identify.sanitize(14),
        sanitize_block=identify.sanitize(15),
        visible_sectors=identify.visible_sectors,
        visible_bytes=identify.visible_bytes,
        hpa=identify.hpa,
        amac=identify.amac,
        dco=identify.dco,
        flush_cache=identify.flush_cache,
        flush_cache_ext=identify.flush_cache_ext,
        rotational=identify.rotational,
        known=True,
    )


def known_by(identify: Identify | None) -> AtaCapabilities:
    """Of a drive that is known to be an ATA one and takes no ATA commands here: what it may hide
    and how it is locked. It is asked for nothing that it would have to be commanded to do."""
    if identify is None:
        return AtaCapabilities(known=True)
    unknown = Support.UNKNOWN
    return replace(
        told_by_identify(identify),
        security=unknown,
        security_enhanced=unknown,
        sanitize=unknown,
        sanitize_crypto=unknown,
        sanitize_overwrite=unknown,
        sanitize_block=unknown,
    )
