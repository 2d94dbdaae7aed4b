"""What an NVMe drive can do, asked of the drive itself on the open namespace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.passthrough.nvme_admin import KernelNvmeAdmin, NvmeAdmin
from reprise.adapters.hardware.nvme_nodes import nodes_elsewhere, shown_ids
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.drives.capabilities import NvmeCapabilities, SanitizeState, Support
from reprise.domain.pc.hardware import Reason
from reprise.errors import ToolError
from reprise.wire.nvme import (
    AdminCommand,
    Controller,
    active_namespaces,
    allocated_namespaces,
    identify_controller,
    parse_boot_partitions,
    parse_controller,
    parse_namespace_list,
    supported_logs,
)
from reprise.wire.nvme_erase import SanitizeStatus, parse_sanitize_status, sanitize_status

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NvmeQuestions:
    """Asks one open namespace; what it does not answer is None, with the reason in `evidence`."""

    admin: NvmeAdmin
    device: BlockFile
    evidence: dict[str, str]

    def namespace_id(self) -> int | None:
        try:
            nsid = self.admin.namespace_id(self.device)
        except OSError as error:
            self.evidence["nsid"] = Reason.TOOL_FAILED.because(error.strerror or str(error))
            return None
        self.evidence["nsid"] = f"{nsid:#x}"
        return nsid if nsid > 0 else None

    def controller(self) -> Controller | None:
        controller = self._asked("id-ctrl", identify_controller(), parse_controller)
        if controller is not None:
            self.evidence["oacs"] = f"{controller.oacs:#x}"
            self.evidence["fna"] = f"{controller.fna:#x}"
            self.evidence["sanicap"] = f"{controller.sanicap:#x}"
        return controller

    def namespaces(self, controller: Controller) -> tuple[int | None, int | None]:
        """(active on this controller, allocated in the subsystem). A controller that cannot have
        more than one (NN = 1; perhaps older than the lists) has one."""
        only_one = 1 if controller.number_of_namespaces == 1 else None
        active = self._count("namespaces-active", active_namespaces())
        allocated = None
        if controller.namespace_management is Support.YES:
            allocated = self._count("namespaces-allocated", allocated_namespaces())
        return (
            active if active is not None else only_one,
            allocated if allocated is not None else only_one,
        )

    def shown(self, roots: Roots, namespace_id: int | None) -> int | None:
        """How many of the active namespaces the kernel gives a node; this one has one."""
        if namespace_id is None:
            return None
        active = self._asked("namespaces-active", active_namespaces(), parse_namespace_list)
        return len({namespace_id} | (shown_ids(roots, self.device.number) & set(active or ())))

    def boot_partitions(self, controller: Controller) -> Support:
        if not controller.tells_its_logs:
            return Support.UNKNOWN
        support = self._asked("supported-logs", supported_logs(), parse_boot_partitions)
        return support or Support.UNKNOWN

    def sanitize_status(self, controller: Controller) -> SanitizeStatus | None:
        if not controller.sanicap & 0b111:
            return None  # the log is not due then, and some firmware is upset by the question
        status = self._asked("sanitize", sanitize_status(), parse_sanitize_status)
        if status is not None:
            words = f"sprog={status.progress:#x} sstat={status.sstat:#x} scdw10={status.cdw10:#x}"
            self.evidence["sanitize"] = words
        return status

    def _count(self, name: str, command: AdminCommand) -> int | None:
        ids = self._asked(name, command, parse_namespace_list)
        if ids is None:
            return None
        self.evidence[name] = " ".join(f"{nsid:#x}" for nsid in ids[:8])
        return len(ids)

    def _asked(self, name: str, command: AdminCommand, parse: Callable[[bytes], T]) -> T | None:
        try:
            answer = self.admin.send(self.device, command)
            if answer.ok:
                return parse(answer.data)
            self.evidence[name] = Reason.TOOL_FAILED.because(f"status 0x{answer.status:04x}")
        except OSError as error:
            self.evidence[name] = Reason.TOOL_FAILED.because(error.strerror or str(error))
        except ToolError as error:
            self.evidence[name] = Reason.UNREADABLE.because(str(error))
        return None


def read_nvme(
    device: BlockFile,
    roots: Roots,
    evidence: dict[str, str],
    admin: NvmeAdmin | None = None,
) -> NvmeCapabilities:
    """No answer leaves UNKNOWN, with the reason in `evidence`."""
    ask = NvmeQuestions(admin or KernelNvmeAdmin(), device, evidence)
    namespace_id = ask.namespace_id()
    controller = ask.controller()
    if controller is None:
        return NvmeCapabilities(namespace_id=namespace_id)
    active, allocated = ask.namespaces(controller)
    status = ask.sanitize_status(controller)
    estimates = status.estimates if status else {}
    formats = controller.formats
    return NvmeCapabilities(
        format=formats,
        format_crypto=controller.fna_bit(2) if formats is Support.YES else formats,
        erase_all_namespaces=controller.fna_bit(1),
        format_all_namespaces=controller.fna_bit(0),
        sanitize_crypto=controller.sanicap_bit(0),
        sanitize_block=controller.sanicap_bit(1),
        sanitize_overwrite=controller.sanicap_bit(2),
        sanitize_purge=controller.sanicap_bit(5),
        sanitize_state=status.state if status else SanitizeState.UNKNOWN,
        sanitize_estimate_s={name.value: told for name, told in estimates.items()},
        namespace_management=controller.namespace_management,
        namespace_id=namespace_id,
        namespaces=active,
        namespaces_shown=ask.shown(roots, namespace_id),
        namespaces_allocated=allocated,
        siblings=len(nodes_elsewhere(roots, device.number)) or None,
        total_bytes=controller.total_bytes,
        unallocated_bytes=controller.unallocated_bytes,
        replay_protected=controller.replay_protected,
        boot_partitions=ask.boot_partitions(controller),
    )
