"""A sign-in of some organisation, by OpenID Connect, on this machine's loopback."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt

CLIENT = "the-desk"
SECRET = "a secret of both, long enough to sign with"


@dataclass
class Provider:
    """What it says of whoever comes; tests change it."""

    address: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    """What was sent to its token endpoint."""
    is_broken: bool = False
    audience: str = CLIENT
    issuer: str = ""

    def id_token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer or self.address,
            "aud": self.audience,
            "iat": now,
            "exp": now + 600,
            **self.person,
        }
        return jwt.encode(claims, SECRET, algorithm="HS256")


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that answers until the block ends."""
    provider = Provider()

    class Answers(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            pass

        def _say(self, what: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(what).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            here = provider.address
            if self.path == "/.well-known/openid-configuration":
                self._say(
                    {
                        "issuer": here,
                        "authorization_endpoint": f"{here}/authorize",
                        "token_endpoint": f"{here}/token",
                        "userinfo_endpoint": f"{here}/userinfo",
                        "jwks_uri": f"{here}/jwks",
                        "token_endpoint_auth_methods_supported": ["client_secret_post"],
                    }
                )
            elif self.path == "/userinfo":
                self._say(provider.person)
            else:
                self._say({}, 404)

        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            provider.asked.append(parse_qs(self.rfile.read(size).decode()))
            if provider.is_broken:
                self._say({"error": "invalid_grant"}, 400)
            else:
                self._say(
                    {
                        "access_token": "opens userinfo",
                        "token_type": "Bearer",
                        "expires_in": 600,
                        "id_token": provider.id_token(),
                    }
                )

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
