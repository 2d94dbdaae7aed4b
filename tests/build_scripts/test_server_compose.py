"""docs/server/compose.yaml and what lies beside it: of one piece with the image and the settings.
No test pulls the images of others."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import yaml

from reprise.server.settings import load_settings
from station_kit.places import TOP

sys.path.insert(0, str(TOP / "live-build/server"))

import archive

FOLDER = TOP / "docs/server"
SERVICES: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text())["services"]


def test_it_starts_the_image_that_was_loaded() -> None:
    server = SERVICES["server"]
    assert server["image"] == f"{archive.NAME}:latest"
    assert f"data:{archive.STATE}" in server["volumes"]
    assert f"server:{archive.PORT}" in SERVICES["caddy"]["command"]
    assert "ports" not in server, "nobody reaches it but by the proxy"
    assert "ports" not in SERVICES["database"]


def test_the_settings_beside_it_name_its_proxy_and_its_files_are_there() -> None:
    settings = load_settings((FOLDER / "server.toml").read_text(), "server.toml", {})
    caddy = SERVICES["caddy"]["networks"]["default"]["ipv4_address"]
    assert settings.proxy == caddy
    assert settings.public_url.startswith("https://")
    beside = [
        volume.split(":")[0].removeprefix("./")
        for service in SERVICES.values()
        for volume in service["volumes"]
        if volume.startswith("./")
    ]
    assert sorted(beside) == ["make-database.sh", "server.toml"]
    assert all((FOLDER / name).is_file() for name in beside)


def test_the_servers_user_is_not_postgresqls_superuser() -> None:
    told = SERVICES["server"]["environment"]["REPRISE_DATABASE_URL"]
    user = re.match(r"postgresql://(\w+):", told)
    assert user is not None
    assert "POSTGRES_USER" not in SERVICES["database"]["environment"]
    script = FOLDER / "make-database.sh"
    assert f"CREATE DATABASE {user[1]} OWNER {user[1]};" in script.read_text()
    subprocess.run(["sh", "-n", script], check=True)


def test_short_names_alone_lead_to_the_images_of_others() -> None:
    others = {service["image"] for service in SERVICES.values()} - {f"{archive.NAME}:latest"}
    assert others == {"caddy:2", "postgres:17"}
