"""Packs a root file system into what “podman load” and “docker load” take (docker-archive, which
unlike OCI's format says how its health is asked). Standard library.

    SOURCE_DATE_EPOCH=… archive.py LAYER.tar VERSION IMAGE.tar

The same layer and version give the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NAME = "localhost/reprise-server"
USER = 990  # install.sh of image.sh makes it
PORT = 8080
STATE = "/var/lib/reprise"
_ASK = f"import urllib.request as u; u.urlopen('http://127.0.0.1:{PORT}/healthz', timeout=4)"
_S = 10**9  # nanoseconds, as the format wants them


def configuration(version: str, layer: str, created: datetime) -> dict[str, Any]:
    """How it is run. `layer`: SHA-256, hex."""
    when = created.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "architecture": "amd64",
        "os": "linux",
        "created": when,
        "config": {
            "User": f"{USER}:{USER}",
            "Env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"],
            "Entrypoint": ["/usr/bin/reprise"],
            "Cmd": ["serve", "--host", "0.0.0.0"],  # noqa: S104 - of the container alone
            "WorkingDir": STATE,
            "ExposedPorts": {f"{PORT}/tcp": {}},
            "Volumes": {STATE: {}},
            "StopSignal": "SIGTERM",
            "Healthcheck": {
                "Test": ["CMD", "/usr/lib/reprise-server/bin/python3", "-Ic", _ASK],
                "Interval": 30 * _S,
                "Timeout": 5 * _S,
                "StartPeriod": 60 * _S,
                "Retries": 3,
            },
            "Labels": {
                "org.opencontainers.image.title": "Reprise server",
                "org.opencontainers.image.version": version,
                "org.opencontainers.image.licenses": "GPL-3.0-or-later",
            },
        },
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{layer}"]},
        "history": [{"created": when, "created_by": "mmdebstrap and reprise-server.deb"}],
    }


def pack(layer: Path, version: str, image: Path, epoch: int) -> None:
    with layer.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    created = datetime.fromtimestamp(epoch, UTC)
    config = json.dumps(configuration(version, digest, created), sort_keys=True).encode()
    name = f"{hashlib.sha256(config).hexdigest()}.json"
    tag = version.replace("+", "-")  # a tag takes no plus
    entry = {
        "Config": name,
        "RepoTags": [f"{NAME}:{tag}", f"{NAME}:latest"],
        "Layers": [f"{digest}.tar"],
    }
    with tarfile.open(image, "w", format=tarfile.USTAR_FORMAT) as archive:
        for inside, data in ((name, config), ("manifest.json", json.dumps([entry]).encode())):
            _add(archive, inside, len(data), io.BytesIO(data), epoch)
        with layer.open("rb") as file:
            _add(archive, f"{digest}.tar", layer.stat().st_size, file, epoch)


def _add(archive: tarfile.TarFile, name: str, size: int, file: Any, epoch: int) -> None:
    told = tarfile.TarInfo(name)
    told.size, told.mtime, told.mode = size, epoch, 0o644
    archive.addfile(told, file)


if __name__ == "__main__":
    pack(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(os.environ["SOURCE_DATE_EPOCH"]))
