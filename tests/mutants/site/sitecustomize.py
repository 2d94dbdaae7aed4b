"""Python imports this at its start where PYTHONPATH leads here: for the processes that tests start
(the server, the engine)."""

import os
from pathlib import Path

if "MUTANT" in os.environ:
    from mutants.hook import install

    _app, _path, _number, _sign = os.environ["MUTANT"].split("|")
    install(Path(_app), _path, int(_number), Path(_sign))
if "MUTANTS_CALLS" in os.environ:
    from mutants.calls import tell

    tell(os.environ["MUTANTS_APP"], os.environ["MUTANTS_CALLS"])
