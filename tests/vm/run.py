"""`make run`: the image in a virtual PC with two throw-away drives full of planted data, beside a
local server. The person gets the station in this terminal, or `--auto` plays the technician."""

from __future__ import annotations

import argparse
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from server.kit import ADMINISTRATOR, PASSWORD
from vm.media import ISO, console_fonts
from vm.mirror import mirror
from vm.qemu import Disk, Pc, acceleration, running
from vm.screen import Console, Reader
from vm.server import REPRISE, Server, serving
from vm.surfaces import (
    MIB,
    DataPartition,
    Planted,
    add_data_partition,
    look,
    make_stick,
    plant,
)
from vm.technician import SLOW, Technician

OUT = ISO.parent / "run"


def say(text: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


def _stick_with_settings(server: Server) -> DataPartition:
    stick = make_stick(ISO, OUT / "stick.img", 2560 * MIB)
    data = add_data_partition(stick)
    given = server.enroll("make-run", OUT / "settings")
    for name in ("reprise.toml", "station.key.pem", "station.pub.pem"):
        data.write(given / name, name)
    return data


def _play(console: Console) -> None:
    technician = Technician(console)
    say("waiting for the station")
    technician.sees_the_station()
    technician.goes_to_drives()
    technician.goes_to_confirm(install=True)
    technician.confirms()
    say("erasing, verifying, installing")
    text = technician.sees_the_end(900 * SLOW)
    console.keep("done")
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        print("    " + line)
    technician.watches(lambda text: "ENVOYÉ" in text, "the sending", 120 * SLOW)
    console.keep("sent")
    console.vm.press("f4")
    console.vm.wait_off(60 * SLOW)


def _results(data: DataPartition, server: Server, drives: list[Planted]) -> int:
    key = OUT / "settings" / "station.pub.pem"
    for drive in drives:
        surface = look(drive)
        say(
            f"{drive.image.name}: {surface.canaries} planted strings left, "
            f"{surface.kept} blocks as they were, of {surface.blocks}"
        )
    names = [name for name in data.names("reports") if name.endswith(".jws")]
    for name in names:
        report_id = name.removesuffix(".jws")
        kept = OUT / name
        kept.write_bytes(data.read(f"reports/{name}"))
        pdf = kept.with_suffix(".pdf")
        argv = [*REPRISE, "report", "pdf", str(kept), "--key", str(key), "-o", str(pdf)]
        subprocess.run(argv, check=True)
        subprocess.run([*REPRISE, "report", "verify", str(kept), "--key", str(key)], check=False)
        say(f"report       {kept}")
        say(f"certificate  {pdf}")
        if server.stored(report_id) is None:
            say("the server has it not")
            continue
        path = f"/reports/{report_id}"
        page = kept.with_suffix(".html")
        page.write_text(server.page(path).text, "utf-8")
        say(f"server page  {server.url}{path}")
        say(f"  kept as    {page}")
    return 0 if names else 4


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--auto", action="store_true", help="play the technician to the end")
    auto = parser.parse_args().auto
    if not ISO.exists():
        print("make run: build/reprise.iso is missing: make image (as root)", file=sys.stderr)
        return 2
    if not auto and not sys.stdin.isatty():
        print("make run: no terminal here; use make run AUTO=1", file=sys.stderr)
        return 2
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    say(f"acceleration: {acceleration()}; planting data on two drives")
    drives = [
        plant(OUT / "hdd.img", 512 * MIB, full=True),
        plant(OUT / "nvme.img", 3072 * MIB, full=False),
    ]
    with serving(OUT / "server") as server, tempfile.TemporaryDirectory() as folder:
        server.page("/")  # its administrator is there now
        say(f"server: {server.url}; log in as {ADMINISTRATOR}, password: {PASSWORD}")
        data = _stick_with_settings(server)
        disks = [
            Disk(drives[0].image, "sata", "HDD-DEMO-1"),
            Disk(drives[1].image, "nvme", "NVME-DEMO-2"),
            Disk(data.image, "usb", "STICK-DEMO", boot_index=0),
        ]
        with running(Pc(OUT / "pc", disks, link_up=True)) as vm:
            console = Console(vm, Reader(console_fonts(ISO, Path(folder))))
            if auto:
                _play(console)
            else:
                mirror(console)
        code = _results(data, server, drives)
        if not auto:
            input("The server is still running; Enter stops it. ")
    command = shlex.join([*REPRISE, "serve", "--database", str(server.database)])
    say(f"the server is stopped; to look at its pages again: {command}")
    return code


if __name__ == "__main__":
    sys.exit(main())
