"""The language of an answer, and the headers that each answer has."""

from __future__ import annotations

from urllib.parse import parse_qs

from reprise import i18n

# Of an answer that will soon be another, to the process that listens: it asks again for a moment.
SOON = "X-Reprise-Soon"
# To the same, of any answer: the address as urls.py has it, which names nobody; and from it, the
# number of the request. No sender sets either: see front/pages.py.
ROUTE = "X-Reprise-Route"
NUMBER = "X-Reprise-Number"
_WITH_PASSKEYS = ("/account/login/", "/account/2fa/")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # not "no-referrer": browsers send forms with "Origin: null" then, which is refused as forged
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def asked_language(query: str) -> str | None:
    """The language that the address itself asks for (?lang=en), or None."""
    try:
        values = parse_qs(query, max_num_fields=100).get("lang", [])
    except ValueError:
        return None
    return values[-1] if values and values[-1] in i18n.LANGUAGES else None


def accepted_language(header: str) -> str | None:
    """The best known language of an Accept-Language header (RFC 9110, 12.5.4), or None."""
    best: tuple[float, str] | None = None
    for item in header[:500].split(","):
        tag, _sep, rest = item.partition(";")
        short = tag.strip().lower().partition("-")[0]
        try:
            weight = float(rest.strip().removeprefix("q=")) if rest.strip() else 1.0
        except ValueError:
            continue
        if short in i18n.LANGUAGES and weight > 0 and (best is None or weight > best[0]):
            best = (weight, short)
    return best[1] if best else None


def spoken_language(query: str, accept_language: str, chosen: str = "") -> str:
    """What a request is answered in: what its address asks for, else what its reader chose before,
    or accepts."""
    asked = asked_language(query) or (chosen if chosen in i18n.LANGUAGES else None)
    return asked or accepted_language(accept_language) or i18n.DEFAULT_LANGUAGE


def answer_headers(language: str, path: str = "") -> dict[str, str]:
    """Scripts run on the pages where a passkey is asked for, and nowhere else."""
    headers = {**_HEADERS, "Content-Language": language, "Vary": "Accept-Language"}
    if path.startswith(_WITH_PASSKEYS):
        policy = headers["Content-Security-Policy"]
        headers["Content-Security-Policy"] = policy.replace(
            "script-src 'none'", "script-src 'self'"
        )
    return headers
