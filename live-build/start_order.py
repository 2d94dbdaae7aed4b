"""Prints which files Python reads on the way to the station's first screen, as mksquashfs wants to
know it (`-sort`: path and priority), first read first. Run by build.sh inside the image's tree.

A compressed file system unpacks 512 KiB to give one small file. Side by side and in the order of
reading, a few hundred modules cost a dozen such blocks; spread over the image, one each.
"""

import importlib
import sys

START = (
    *("reprise.__main__", "reprise.cli.commands.station", "reprise.bootstrap.tools"),
    *("reprise.cli.sheets", "reprise.tui.app"),
)
# What the station's worker reads next.
NEXT = (
    "reprise.adapters.stick.keeper",
    "reprise.bootstrap.station",
    "reprise.adapters.hardware.probe",
)
HIGHEST = 32767

for name in (*START, *NEXT):
    importlib.import_module(name)
specs = [module.__spec__ for module in list(sys.modules.values()) if module.__spec__]
files = [path for spec in specs if spec.has_location for path in (spec.cached, spec.origin)]
read = [path for path in dict.fromkeys(files) if path and path.endswith((".pyc", ".so"))]
lines = [f"{path.lstrip('/')} {HIGHEST - place}\n" for place, path in enumerate(read)]
sys.stdout.write("".join(lines))
