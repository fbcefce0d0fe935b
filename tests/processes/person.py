"""Someone at a browser without a browser: cookies, forms, and what came back."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass
from http.cookiejar import CookieJar

PASSWORD = "desk of the tests"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the web process said; `status` 0 if nothing came."""

    status: int
    url: str
    text: str


class Person:
    """Signed in once, and then whatever happens."""

    def __init__(self, base_url: str, email: str) -> None:
        self.base_url = base_url
        self.email = email
        self.cookies = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> Answer:
        return self._ask(urllib.request.Request(self._url(path)))  # noqa: S310

    def post(self, path: str, **fields: str) -> Answer:
        token = next((one.value for one in self.cookies if one.name == "csrftoken"), None) or ""
        data = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        return self._ask(urllib.request.Request(self._url(path), data))  # noqa: S310

    def sign_in(self) -> Person:
        self.get("/accounts/login/")
        answer = self.post("/accounts/login/", login=self.email, password=PASSWORD)
        assert answer.status == 200, answer
        assert self.is_signed_in(answer), answer.text
        return self

    @staticmethod
    def is_signed_in(answer: Answer) -> bool:
        return answer.status == 200 and "/accounts/login/" not in answer.url

    def reply(self, reference: str, words: str, key: str = "") -> Answer:
        """Write on a request; the same key again is the same deed."""
        return self.post(
            f"/requests/{reference}/do/", act="reply", message=words, key=key or str(uuid.uuid4())
        )

    def ask_for(self, path: str, words: str) -> str:
        """Ask for a service; the new request's reference."""
        answer = self.post(
            path, q_details=words, urgency="now", impact="me", key=str(uuid.uuid4()), requester=""
        )
        found = re.search(r"/requests/([A-Z0-9]+-[0-9]+)/", answer.url)
        assert answer.status == 200, answer
        assert found, answer
        return found[1]

    def _url(self, path: str) -> str:
        return self.base_url + path

    def _ask(self, request: urllib.request.Request) -> Answer:
        try:
            with self._opener.open(request, timeout=20) as answer:
                return Answer(answer.status, answer.url, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.url or "", error.read().decode(errors="replace"))
        except OSError as error:
            return Answer(0, request.full_url, str(error))
