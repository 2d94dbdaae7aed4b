"""python -m simulation --runs N --seed S --jobs J [--script FILE]"""

from __future__ import annotations

import sys

from simulation.run import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
