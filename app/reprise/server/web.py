"""What holds for every answer: its language and its security headers."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reprise import i18n

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def asked_language(query: str) -> str | None:
    """The language that the address itself asks for (?lang=en), or None."""
    values = parse_qs(query).get("lang", [])
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


class EveryAnswer:
    """Outermost, so that error pages are covered too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        accepted = accepted_language(Headers(scope=scope).get("accept-language", ""))
        language = asked_language(query) or accepted or i18n.DEFAULT_LANGUAGE

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Language", language)
                headers.setdefault("Cache-Control", "private, no-cache")
                headers.add_vary_header("Accept-Language")
            await send(message)

        with i18n.using(language):
            await self.app(scope, receive, send_with_headers)
