"""What must not be the same on two PCs and an image could carry all the same."""

from __future__ import annotations

import uuid

from reprise_first_start.files import Root

SSL_KEY = "etc/ssl/private/ssl-cert-snakeoil.key"
NVME_ID, NVME_NQN = "etc/nvme/hostid", "etc/nvme/hostnqn"


def make_own(root: Root) -> None:
    """Every try makes them anew: nothing has used them yet. Raises ToolFailed, OSError.

    machine-id and the SSH host keys are the installer's; keys that are missing are made here."""
    if root.at("etc/ssh").is_dir() and root.has_tool("ssh-keygen") and root.has_tool("sshd"):
        root.run(["ssh-keygen", "-A"])
    if root.at(SSL_KEY).exists() and root.has_tool("make-ssl-cert"):
        root.run(["make-ssl-cert", "generate-default-snakeoil", "--force-overwrite"])
    if root.at(NVME_ID).exists() or root.at(NVME_NQN).exists():
        own = str(uuid.uuid4())
        root.write(NVME_ID, f"{own}\n")
        root.write(NVME_NQN, f"nqn.2014-08.org.nvmexpress:uuid:{own}\n")
