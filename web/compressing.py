"""The built book at an address of this machine, sent as a good server sends it.

Compressed, and with leave to keep what was sent: `http.server`, which `make serve`
uses, does neither, so what it sends says nothing about a page's weight.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

MAX_AGE = 3600


class CachedFiles(StaticFiles):
    """Files that a browser may keep for an hour."""

    def file_response(self, *args: Any, **options: Any) -> Response:
        """Answer with a file."""
        response = super().file_response(*args, **options)
        response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
        return response


@contextmanager
def serving_compressed(folder: Path) -> Iterator[str]:
    """Serve a folder while the context lasts.

    Parameters
    ----------
    folder : Path
        The built book.

    Yields
    ------
    str
        Its address, with a slash at the end.
    """
    files = Mount("/", CachedFiles(directory=folder, html=True))
    app = Starlette(routes=[files], middleware=[Middleware(GZipMiddleware)])
    config = uvicorn.Config(app, log_level="error", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            server.should_exit = True
            thread.join()
