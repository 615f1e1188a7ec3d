"""Stripe's side of the wire, in a thread of its own: the API, and the page where a payer pays."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.support.stripe_standin.api import Answer

Serve = Callable[[BaseHTTPRequestHandler], Answer | tuple[int, str, str]]


class Server:
    """`stop` leaves nobody at the address, `start` comes back to the same one."""

    def __init__(self, serve: Serve, port: int = 0) -> None:
        self.serve = serve
        self.port = port
        self.running: ThreadingHTTPServer | None = None

    def start(self) -> None:
        self.running = _Listener(("127.0.0.1", self.port), _handler(self.serve))
        self.port = self.running.server_port
        threading.Thread(target=self.running.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        if self.running:
            self.running.shutdown()
            self.running.server_close()
            self.running = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Somebody who hung up is no error of ours."""


def _handler(serve: Serve) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = serve(self)
            if isinstance(answer, tuple):
                self.page(*answer)
            elif answer.status is not None:
                self.say(answer.status, {"Content-Type": "application/json", **answer.headers}, answer.text)

        do_POST = do_DELETE = do_GET  # noqa: N815 - the library's names

        def page(self, status: int, html: str, location: str) -> None:
            headers = {"Content-Type": "text/html; charset=utf-8"} | ({"Location": location} if location else {})
            self.say(status, headers, html.encode())

        def say(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            """Tests speak for themselves."""

    return Handler


def read(asked: BaseHTTPRequestHandler) -> tuple[str, str, str]:
    """Method, path, and the fields as they were sent, wherever they stand."""
    body = asked.rfile.read(int(asked.headers.get("Content-Length") or 0)).decode()
    parts = urlsplit(asked.path)
    return asked.command, parts.path, body or parts.query
