"""Metrics and health over HTTP, from threads of their own: a scrape never waits for the stream, nor it for a scrape."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from streams.errors import SettingsError
from streams.settings import HttpSettings

__all__ = ["HttpServer", "Page", "Pages"]

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PLAIN_TYPE = "text/plain; charset=utf-8"

Page = tuple[int, str]
Pages = dict[str, Callable[[], Page]]


class HttpServer:
    """Serves a few pages by their paths until closed."""

    def __init__(self, settings: HttpSettings, pages: Pages) -> None:
        self._settings = settings
        self._pages = pages
        self._server: ThreadingHTTPServer | None = None

    @property
    def port(self) -> int:
        """The port it listens on; another than asked for if that was 0."""
        return self._server.server_address[1] if self._server else self._settings.port

    def start(self) -> None:
        """Listen; SettingsError if the address can't be had."""
        if self._server is not None:
            return
        address = (self._settings.host, self._settings.port)
        try:
            self._server = _Server(address, _handler(self._pages))
        except OSError as error:
            msg = (
                f"can't listen on {address[0]}:{address[1]} (BAYPULSE_HTTP_HOST, BAYPULSE_HTTP_PORT): {error.strerror}"
            )
            raise SettingsError(msg) from None
        threading.Thread(target=self._server.serve_forever, name="http", daemon=True).start()

    def close(self) -> None:
        """Stop listening; nothing happens if it never did."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


def _handler(pages: Pages) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        server_version = "baypulse"
        sys_version = ""
        timeout = 30

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            page = pages.get(path)
            status, text = page() if page else (404, f"nothing here; there are {', '.join(pages)}\n")
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", METRICS_TYPE if path == "/metrics" else PLAIN_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the standard library's name
            """A line per scrape is noise."""

    return Handler
