"""Where the browser is: an installed Chromium, Playwright's own, or Debian's package where it may be installed."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
HOW = "no Chromium found: `apt install chromium`, or `playwright install chromium`, or set CHROMIUM to its path"


def path() -> str:
    """The path of a Chromium. Installs Debian's where that is allowed; else says how to get one.

    One process at a time looks and installs, so that none finds half of one, nor the installer in use.
    """
    with (Path(tempfile.gettempdir()) / "pipeline-tests-chromium.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        found = _found()
        if found is None and _install():
            found = _found()
    if found is None:
        raise RuntimeError(HOW)
    return found


def _found() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None) or _playwrights()


def _playwrights() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def _install() -> bool:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
    return subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, **quiet).returncode == 0
