"""`make docs`: the site, build/site, from the pages of docs/; `build.py DOCS SITE` makes another.
Run by the Python of .venv-docs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import held
import stage

HERE = Path(__file__).resolve().parent
# The theme's own words that neither its templates nor Sphinx's catalogue have in French.
FRENCH = {
    '"Toggle site navigation sidebar"': '"Menu du site"',
    '"Toggle table of contents sidebar"': '"Sommaire de la page"',
    '"Toggle Light / Dark / Auto color theme"': '"Clair, sombre ou automatique"',
    ">Skip to content<": ">Aller au contenu<",
    ">Back to top<": ">Retour en haut<",
    ">Contents<": ">Sommaire<",
    "Made with \n": "Fait avec \n",
    "<span>Next</span>": "<span>Suivant</span>",
    "<span>Previous</span>": "<span>Précédent</span>",
    '<div class="title">Home</div>': '<div class="title">Accueil</div>',
    "On this page\n": "Sur cette page\n",
}
BUILD = HERE.parents[1] / "build"


def build(docs: Path, into: Path) -> list[str]:
    """Build both languages afresh; returns what is wrong with them, nothing where all is well."""
    lacking = stage.alone(docs)
    if lacking:
        return [f"docs/{name}: missing, as its other language is there" for name in lacking]
    shutil.rmtree(into, ignore_errors=True)
    running = []
    for language in stage.LANGUAGES:
        source = into.with_name("site-pages") / language
        try:
            stage.stage(docs, language, source)
        except stage.PageError as error:
            return [f"docs/{error}"]
        # a warning is an error: a link, a picture or a page in no menu
        argv = [sys.executable, "-m", "sphinx", "-q", "-E", "-W", "--keep-going", "-b", "html"]
        argv += [
            "-c",
            str(HERE),
            "-D",
            f"language={language}",
            "-d",
            str(into.with_name("site-doctrees") / language),
        ]
        running.append((language, subprocess.Popen([*argv, str(source), str(into / language)])))
    failed = [language for language, process in running if process.wait()]
    if failed:
        return [f"{language}: Sphinx complained, see above" for language in failed]
    for language in stage.LANGUAGES:
        for own in (".buildinfo", "objects.inv", ".buildinfo.bak"):
            (into / language / own).unlink(missing_ok=True)
    _speak_french(into / "fr")
    shutil.copyfile(HERE / "landing.html", into / "index.html")
    for card in sorted(into.parent.glob("bench-card.*.pdf")):
        shutil.copyfile(card, into / card.name.split(".")[1] / "bench-card.pdf")
    return held.faults(into)


def _speak_french(pages: Path) -> None:
    for path in pages.rglob("*.html"):
        text = path.read_text("utf-8")
        for theirs, ours in FRENCH.items():
            text = text.replace(theirs, ours)
        path.write_text(text, "utf-8")


def main() -> int:
    docs, site = map(Path, sys.argv[1:3] or (stage.DOCS, BUILD / "site"))
    wrong = build(docs, site.resolve())
    for line in wrong:
        print(f"make docs: {line}", file=sys.stderr)
    if wrong:
        return 1
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    print(f"{site / 'index.html'}: {len(list(site.rglob('*.html')))} pages, {size // 1024} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
