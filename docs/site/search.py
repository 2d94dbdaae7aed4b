"""French search that finds « écran » for "ecran": many people type no accents. The words of the
index and the words of the query lose them alike, after stemming."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import sphinx.search
from sphinx.search.fr import SearchFrench

_SCRIPTS = Path(sphinx.search.__file__).parent / "minified-js"
_BARE = """
window.Stemmer = function () {
  const french = new FrenchStemmer();
  this.stemWord = (word) =>
    french.stemWord(word).normalize("NFD").replace(/[\\u0300-\\u036f]/g, "");
};
"""


def bare(word: str) -> str:
    """Without accents and cedillas."""
    parts = unicodedata.normalize("NFD", word)
    return "".join(one for one in parts if not "\u0300" <= one <= "\u036f")


class SearchFrenchBare(SearchFrench):
    js_stemmer_rawcode = ""  # Sphinx would make it the stemmer by itself
    js_stemmer_code = "\n".join(
        [
            (_SCRIPTS / "base-stemmer.js").read_text("utf-8"),
            (_SCRIPTS / "french-stemmer.js").read_text("utf-8"),
            _BARE,
        ]
    )

    def stem(self, word: str) -> str:
        return bare(super().stem(word))
