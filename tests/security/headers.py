"""What every answer must tell the browser."""

from __future__ import annotations

from django.http import HttpResponseBase

AS_IN_PRODUCTION = {
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SECURE_HSTS_SECONDS": 3600,
}
"""Settings with which cookies and headers are those of a desk in production."""


def wrong(answer: HttpResponseBase) -> list[str]:
    """What the answer lacks."""
    headers = answer.headers
    expected = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=3600",
    }
    found = [
        f"{name}: {headers.get(name)}" for name, it in expected.items() if headers.get(name) != it
    ]
    refused = headers.get("Permissions-Policy", "")
    found += [f"{it} allowed" for it in ("camera", "geolocation") if f"{it}=()" not in refused]
    policy = headers.get("Content-Security-Policy", "")
    return found + wrong_policy(policy) + _wrong_cookies(answer)


def wrong_policy(policy: str) -> list[str]:
    parts = {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}
    wrong = [] if parts.get("default-src") == ["'none'"] else ["default-src is not 'none'"]
    if "sandbox" in parts:  # a file: no origin, so nothing of the desk's is within its reach
        return wrong + [
            f"{name} in a sandbox" for name in ("script-src", "form-action") if parts.get(name)
        ]
    if parts.get("frame-ancestors") != ["'none'"]:
        wrong.append("may be framed")
    allowed = {"'none'", "'self'"}
    return wrong + [
        f"{name} {it}" for name, its in parts.items() for it in its if it not in allowed
    ]


def _wrong_cookies(answer: HttpResponseBase) -> list[str]:
    return [
        f"cookie {name} is not {flag}"
        for name, cookie in answer.cookies.items()
        for flag in ("secure", "httponly", "samesite")
        if not cookie[flag] and cookie["max-age"] != 0
    ]
