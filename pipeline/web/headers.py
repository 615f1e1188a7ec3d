"""Headers that every answer carries: a policy without inline code, and no private page kept in any cache."""

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

ALWAYS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Sessions(SecureCookieSessionInterface):
    """Files that are kept for a year belong to nobody: their answers neither set a cookie nor vary by one."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not response.cache_control.immutable:
            super().save_session(app, session, response)


def prepare(app: Flask) -> None:
    app.session_interface = Sessions()
    app.after_request(complete)


def complete(response: Response) -> Response:
    """Add what the view did not decide for itself."""
    for name, value in ALWAYS.items():
        if name not in response.headers:
            response.headers[name] = value
    if response.mimetype == "text/html":
        response.vary.add("HX-Request")
    return response
