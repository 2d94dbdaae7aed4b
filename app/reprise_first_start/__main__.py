"""python3 -m reprise_first_start: the wizard, or with --resume what an accepted one left undone.

Exit codes: 0 the PC is ready, 2 bad usage, 3 nothing was accepted yet (--resume), 4 failed.
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from reprise_first_start import contract
from reprise_first_start.apply import Applier
from reprise_first_start.errors import FirstStartError
from reprise_first_start.files import Root
from reprise_first_start.i18n import set_language

READY, NOTHING, FAILED = 0, 3, 4


def resume(root: Root) -> int:
    loaded = contract.load(root)
    if loaded.accepted is None:
        return READY if contract.is_over(root) else NOTHING
    set_language(loaded.accepted.language)
    try:
        for _index, step in Applier(root, loaded).run():
            logging.info("step %s", step.name)
    except FirstStartError:
        logging.exception("not finished")
        return FAILED
    return READY


def ask(root: Root) -> int:
    from reprise_first_start.ui import wizard

    return READY if wizard.run(root, contract.load(root)) else FAILED


def main() -> int:
    parser = argparse.ArgumentParser(prog="reprise_first_start")
    parser.add_argument("--resume", action="store_true", help="finish what was accepted, no screen")
    parser.add_argument("--root", type=Path, default=Path("/"), help="another system's folder")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="first start: %(message)s", stream=sys.stderr)
    root = Root(asked.root)
    return resume(root) if asked.resume else ask(root)


if __name__ == "__main__":
    sys.exit(main())
