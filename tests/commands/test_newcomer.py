"""The real command as a newcomer breaks it: one clear line in the language in force, the right exit
code, no traceback, nothing on standard output."""

from __future__ import annotations

import errno
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reprise.errors import EXIT_FAILED, EXIT_STOPPED, EXIT_USAGE
from station_kit.processes import on_a_terminal
from station_kit.typed import typed

REPRISE = (sys.executable, "-m", "reprise")
NONE = "ce fichier ou dossier n'existe pas"
NO_FOLDER = "n'existe pas. Donnez un dossier existant à"
NO_NUMBER = "n'est pas un nombre entier"
ADD = "--name x --min-memory 1G --licence x"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("newcomer")
    (folder / "folder").mkdir()
    (folder / "empty").touch()
    (folder / "junk").write_bytes(bytes(range(256)) * 20)
    return folder


def run(here: Path, *words: str, lang: str = "fr") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*REPRISE, *words],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
        cwd=here,
        env={**os.environ, "LC_ALL": f"{lang}_{lang.upper()}.UTF-8"},
    )


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    assert "Traceback" not in done.stderr
    line = typed(done.stderr).rstrip("\n").rpartition("\n")[2]
    assert line.startswith("reprise")
    return line


# What is typed, the exit code, and what the line says.
BROKEN = [
    ("--config /nope inventory", 2, NO_FOLDER + " --config"),
    ("--config /nope report show junk", 2, NO_FOLDER + " --config"),
    ("--config /nope station demo", 2, NO_FOLDER + " --config"),
    ("--config junk plan", 2, "« junk » n'est pas un dossier"),
    ("--config '' plan", 2, "la valeur de --config est vide"),
    ("--data junk outbox status", 2, "junk » n'est pas un dossier"),
    ("--data junk/below station engine", 2, "junk » n'est pas un dossier"),
    ("--data /nope outbox status", 2, NO_FOLDER + " --data"),
    ("--data /nope outbox send", 2, NO_FOLDER + " --data"),
    ("erase --drive /nope --confirm x", 2, "il n'y a pas de disque à /nope"),
    ("erase --drive folder --confirm x", 2, "folder n'est pas un disque"),
    ("erase --drive junk --confirm x", 2, "junk n'est pas un disque"),
    ("erase --drive /dev/null --confirm x", 2, "/dev/null n'est pas un disque"),
    ("erase --drive /dev/null --confirm x --psid junk", 2, "ce n'est pas du texte en UTF-8"),
    ("erase --drive /dev/null --confirm x --psid /nope", 2, NONE),
    ("erase --drive /dev/null --confirm x --report-dir junk/x", 2, "n'est pas un dossier"),
    ("plan --drive empty", 2, "empty n'est pas un disque"),
    ("inventory --drive /nope", 2, "il n'y a pas de disque à /nope"),
    ("install --drive /dev/null --confirm x", 2, "/dev/null n'est pas un disque"),
    ("install --drive /dev/null --confirm x --images /nope", 2, NO_FOLDER + " --images"),
    ("report show /nope", 2, f"« /nope » ne peut pas être lu : {NONE}."),
    ("report show folder", 2, "« folder » ne peut pas être lu : c'est un dossier."),
    ("report show empty", 2, "n'est pas un rapport signé"),
    ("report show junk", 2, "n'est pas un rapport signé"),
    ("report verify junk --key /nope", 2, NONE),
    ("report verify junk --key junk", 2, "« junk » n'est pas une clé utilisable"),
    ("report pdf junk -o out.pdf", 2, "n'est pas un rapport signé"),
    ("outbox send", 2, "aucun serveur n'est réglé"),
    ("station demo --speed 0", 2, "« 0 » n'est pas un nombre supérieur à 0"),
    ("station demo --speed fast", 2, "« fast » n'est pas un nombre supérieur à 0"),
    ("station demo --speed nan", 2, "« nan » n'est pas un nombre supérieur à 0"),
    ("station demo", 2, "reprise: les écrans ont besoin d'un terminal"),
    ("--data new station run", 2, "reprise: les écrans ont besoin d'un terminal"),
    ("station run", 4, "reprise: aucun moteur d'effacement ne répond à /run/reprise/engine.sock"),
    ("station run --linear", 4, "reprise: aucun moteur d'effacement ne répond"),
    ("images list --folder /nope", 2, NO_FOLDER + " --folder"),
    ("images list --folder junk", 2, "« junk » n'est pas un dossier"),
    ("images list --to /nope", 2, NO_FOLDER + " --to."),
    ("images check --folder /nope", 2, NO_FOLDER + " --folder."),
    ("images remove x --folder /nope", 2, NO_FOLDER + " --folder"),
    ("images remove x --folder folder", 2, "il n'y a pas de système nommé « x »"),
    (f"images add /nope {ADD} --to folder", 2, NONE),
    (f"images add folder {ADD} --to folder", 2, "« folder » n'est pas un fichier"),
    (f"images add empty {ADD} --to folder", 2, "n'est pas un système qui puisse être installé"),
    (f"images add junk {ADD} --to folder", 2, "n'est pas un système qui puisse être installé"),
    ("stick write /nope --device /nope", 2, NONE),
    ("stick write folder --device /nope", 2, "c'est un dossier"),
    ("stick write junk --device /nope", 2, "n'est pas une image de Reprise"),
    ("netboot /nope --interface nope", 2, "il n'y a pas d'interface réseau « nope »"),
    ("netboot folder --interface lo", 2, "« folder » ne contient pas files.list"),
    ("netboot folder --interface lo --port x", 2, NO_NUMBER),
    ("serve --port x", 2, NO_NUMBER),
    ("serve --max-body x", 2, NO_NUMBER),
    ("serve --port 99999", 2, "Il faut un nombre entier de 0 à 65535"),
    ("serve --port 99998", 2, "reprise: le réglage port"),
    ("serve --host no.such.host.invalid --port 0", 2, "DNS|ce nom est inconnu"),
    ("serve --database folder --port 0", 4, "être ouverte en écriture : c'est un dossier"),
    ("serve --database junk --port 0", 2, "n'est pas une base de données de Reprise"),
    ("enroll --name x --key /nope --database db", 2, NONE),
    ("enroll --name x --key junk --database db", 2, "reprise: ce n'est pas une clé"),
    ("enroll --name x --out junk --database db", 4, "un fichier de ce nom existe déjà"),
    ("enroll --revoke nobody --database db", 2, "reprise: aucune station n'a la clé nobody"),
]


@pytest.mark.parametrize(("typed", "code", "says"), BROKEN, ids=[row[0] for row in BROKEN])
def test_one_clear_line_and_the_right_exit_code(
    here: Path, typed: str, code: int, says: str
) -> None:
    done = run(here, *shlex.split(typed))
    line = last_line(done)
    assert done.returncode == code, line
    assert any(words in line for words in says.split("|")), line
    assert done.stdout == ""
    english = {os.strerror(number) for number in errno.errorcode}
    assert [text for text in english if text in line] == []


@pytest.mark.parametrize(
    "typed", ["--lang", "--lang de plan", "nonsense", "erase", "report", "plan x"]
)
def test_what_the_command_line_itself_refuses(here: Path, typed: str) -> None:
    done = run(here, *shlex.split(typed))
    last_line(done)
    assert done.returncode == EXIT_USAGE
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("words", "choices"),
    [
        ("station", "run, engine, prepare, enroll, demo"),
        ("report", "verify, show, pdf"),
        ("images", "add, list, check, remove"),
        ("station foo", "« foo » (choix possibles : run, engine, prepare, enroll, demo)"),
    ],
)
def test_which_commands_there_are_is_said_where_one_is_missing(
    here: Path, words: str, choices: str
) -> None:
    assert choices in last_line(run(here, *words.split()))


def test_a_name_keeps_its_capital(here: Path) -> None:
    """A sentence after "reprise:" begins small; what was typed and what is a name does not."""
    (here / "Folder").mkdir()
    line = last_line(run(here, "plan", "--drive", "Folder"))
    assert line.startswith("reprise: Folder n'est pas un disque")


@pytest.mark.parametrize(
    ("lang", "words"), [("fr", "Efface les disques d'un PC"), ("en", "Erases a PC's drives")]
)
def test_alone_it_shows_its_help(here: Path, lang: str, words: str) -> None:
    done = run(here, lang=lang)
    assert done.returncode == EXIT_USAGE
    assert "Traceback" not in done.stderr
    assert words in typed(done.stderr)
    for command in ("erase", "station", "enroll"):
        assert f"\n    {command} " in done.stderr


def test_a_commands_name_may_be_the_name_of_a_folder(here: Path) -> None:
    """Which command it is is not told by its first word that looks like one."""
    (here / "report").mkdir()
    done = run(here, "--data", "report", "outbox", "status")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Aucun serveur")


def shell(here: Path, line: str) -> subprocess.CompletedProcess[str]:
    """In bash; `$reprise` is the command."""
    argv = ["bash", "-c", f'reprise() {{ {shlex.join(REPRISE)} --lang fr "$@"; }}; {line}']
    return subprocess.run(
        argv,
        capture_output=True,
        text=True,
        cwd=here,
        timeout=120,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("command", ["inventory", "inventory --json", "--help"])
def test_nobody_reads_the_output(here: Path, command: str) -> None:
    done = shell(here, f"reprise {command} | true; exit ${{PIPESTATUS[0]}}")
    assert done.stderr == ""
    assert done.returncode in (0, EXIT_FAILED)  # 0: it was done before the reader had gone


@pytest.mark.parametrize("command", ["inventory", "inventory --json", "plan --json"])
def test_the_disk_behind_the_output_is_full(here: Path, command: str) -> None:
    done = shell(here, f"reprise {command} > /dev/full")
    assert last_line(done) == "reprise: le système refuse : il ne reste plus de place."
    assert done.returncode == EXIT_FAILED


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_standard_streams_may_be_closed(here: Path, closed: str) -> None:
    done = shell(here, f"reprise inventory --json {closed}")
    assert "Traceback" not in done.stderr
    assert done.returncode == 0, done.stderr


def test_nothing_opened_later_is_taken_for_standard_error(here: Path) -> None:
    """With 2 closed, the next file that is opened would be 2: a drive, and what any library says
    on "standard error" would be written onto it."""
    code = (
        "import os; from reprise.adapters.pc.streams import use_standard_streams;"
        "use_standard_streams();"
        "print(os.open('junk', os.O_RDONLY), os.readlink('/proc/self/fd/2'))"
    )
    done = shell(here, f"{shlex.quote(sys.executable)} -c {shlex.quote(code)} <&- 2>&-")
    number, stands_for = done.stdout.split()
    assert int(number) > 2
    assert stands_for == os.devnull


def test_a_character_that_the_terminal_lacks_is_no_fault(here: Path) -> None:
    done = shell(here, "PYTHONIOENCODING=ascii reprise report show nowhere")
    assert done.returncode == EXIT_USAGE
    assert done.stderr.startswith("reprise: ")
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_it_in_one_line(here: Path) -> None:
    argv = [*REPRISE, "--lang", "fr", "station", "demo", "--linear"]
    with on_a_terminal(argv) as terminal:
        terminal.see("Ctrl+C")
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.end() == EXIT_STOPPED
        assert "Traceback" not in terminal.text
