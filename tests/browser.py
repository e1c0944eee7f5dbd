"""What tests of the page in a real browser share: the service as it is run in earnest, a browser, and a visit."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    Request,
    Response,
    expect,
)

from app.config import ROOT

CHROMIUM = "/usr/bin/chromium"  # Debian's
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip
WIDTHS = (360, 768, 1440)
PATIENCE = 20_000  # milliseconds: a busy machine is no fault of the page
UPLOAD = "#by-picture input[type=file]"


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium, which asks nobody for anything."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)


@contextlib.contextmanager
def served(indexes: Path, folder: Path) -> Iterator[str]:
    """The address of a service over these releases, which keeps its likes and its log in `folder`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "VITRINE_INDEXES": str(indexes),
        "VITRINE_DATABASE_URL": f"sqlite:///{folder / 'likes.sqlite'}",
        "VITRINE_SECRET_KEY": "of the tests, and long enough to be one",
        # A test clicks faster than a visitor.
        "VITRINE_RATE_READ": "off",
        "VITRINE_RATE_WRITE": "off",
        "VITRINE_RATE_UPLOAD": "off",
    }
    with (folder / "log").open("w") as log:
        command = [sys.executable, "-m", "gunicorn", "wsgi:app"]
        server = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Return once the address answers."""
    for _ in range(200):
        assert server.poll() is None, "the service did not start"
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


_OFFLINE = "net::ERR_INTERNET_DISCONNECTED"


class Visit:
    """One visitor's browser: a page, and everything about it that went wrong."""

    def __init__(self, context: BrowserContext, site: str, script: bool = True) -> None:
        context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        self.page: Page = context.new_page()
        self.site = site
        self.script = script
        self.wrong: list[str] = []
        self.page.on("console", self._note_said)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", self._note_request)
        self.page.on("requestfailed", self._note_failure)
        self.page.on("response", self._note_response)

    def _note_said(self, said: ConsoleMessage) -> None:
        if said.type == "error" and _OFFLINE not in said.text:
            self.wrong.append(said.text)

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.wrong.append(f"another host: {request.url}")

    def _note_failure(self, request: Request) -> None:
        # As when the page is left while it is still asking, or a test takes the connection away meanwhile.
        if request.failure not in ("net::ERR_ABORTED", _OFFLINE):
            self.wrong.append(f"failed: {request.url} {request.failure}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 400:
            self.wrong.append(f"{response.status}: {response.url}")

    def open(self, path: str) -> Page:
        """Go to an address of the site."""
        self.page.goto(self.site + path)
        self.fits()
        return self.page

    def fits(self) -> None:
        """Nothing makes the page scroll sideways."""
        wide = "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
        if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            raise AssertionError(self.page.evaluate(f"{wide}.map(e => e.outerHTML.slice(0, 120))"))

    def expected(self, status: int) -> None:
        """Forget that the page complained about this status, which the visit was meant to meet."""
        assert [line for line in self.wrong if line.startswith(f"{status}:")]
        self.wrong = [line for line in self.wrong if str(status) not in line]


def heart(page: Page, title: str) -> Locator:
    """The heart of a work."""
    return page.get_by_role("button", name=f"Like: {title}", exact=True)


def picture(side: int = 64, colour: str = "#2b4a8b") -> bytes:
    """A picture to upload, PNG."""
    out = BytesIO()
    Image.new("RGB", (side, side), colour).save(out, "PNG")
    return out.getvalue()
