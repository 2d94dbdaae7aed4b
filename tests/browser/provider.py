"""An OpenID Connect provider of the tests, on loopback: it says who `person` is."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT, SECRET = "reprise", "between us"


@dataclass
class Provider:
    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)  # the claims about who logs in there
    away: bool = False
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def consent(self, asked: dict[str, str]) -> str:
        """The page on which a person says yes or no."""
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        yes = urlencode({"code": code, "state": asked["state"]})
        no = urlencode({"error": "access_denied", "state": asked["state"]})
        back = asked["redirect_uri"]
        links = [
            f'<a id="{name}" href="{escape(f"{back}?{query}")}">{name}</a>'
            for name, query in (("yes", yes), ("no", no))
        ]
        return "<!doctype html><title>Provider</title>" + " ".join(links)

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        """None: the code, its PKCE verifier or the client's secret is wrong."""
        asked = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != challenge:
            return None
        if (form["client_id"], form["client_secret"]) != (CLIENT, SECRET):
            return None
        now = int(time.time())
        claims = {
            **self.person,
            **{"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 60},
            **({"nonce": asked["nonce"]} if "nonce" in asked else {}),
        }
        id_token = jwt.encode({"alg": "ES256", "kid": "one"}, claims, self.key)
        return {"access_token": "of a test", "token_type": "Bearer", "id_token": id_token}


class _Answer(BaseHTTPRequestHandler):
    @property
    def provider(self) -> Provider:
        return self.server.provider  # type: ignore[attr-defined, no-any-return]

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if self.provider.away:
            self.send_error(503)
        elif parts.path == "/authorize":
            self._send(self.provider.consent(asked).encode(), "text/html")
        elif parts.path == "/jwks":
            self._json({"keys": [self.provider.key.as_dict(private=False)]})
        elif parts.path == "/userinfo":
            self._json(self.provider.person)
        else:
            self._json(self.provider.discovery())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        told = self.provider.token({name: v[0] for name, v in parse_qs(body).items()})
        if told is None:
            self.send_error(400)
        else:
            self._json(told)

    def _json(self, value: Any) -> None:
        self._send(json.dumps(value).encode(), "application/json")

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_told: Any) -> None:
        pass


@contextmanager
def provider() -> Iterator[Provider]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answer) as server:
        made = Provider(f"http://127.0.0.1:{server.server_address[1]}")
        server.provider = made  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield made
        finally:
            server.shutdown()
