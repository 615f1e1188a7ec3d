"""The file of a backup: how it is laid out, and how to tell a whole one from a damaged one."""

import gzip
import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ValidationError

from pipeline.domain.rules import RuleBroken

FORMAT = 1
MANIFEST, SECRET, CHECKSUMS = "manifest.json", "secret_key", "checksums.json"
ROWS = ".jsonl"
PIECE = 1 << 20
BROKEN = (tarfile.TarError, EOFError, zlib.error, ValidationError, ValueError, StopIteration)


class Manifest(BaseModel):
    """What a backup says of itself. `revision` is the migration its tables are at; `tables` counts their rows."""

    format: int
    version: str
    revision: str
    made_at: datetime
    tables: dict[str, int]

    @property
    def rows(self) -> int:
        return sum(self.tables.values())


class Damaged(RuleBroken):
    """The file is no backup, or not all of one."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} is damaged, or is no backup of Pipeline. Nothing was changed.")


@contextmanager
def opened(file: Path) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """The members of a backup, one after the other, each to be read before the next is asked for."""
    try:
        with gzip.open(file) as unpacked:
            with tarfile.open(fileobj=unpacked, mode="r|") as tar:
                yield _members(tar)
            while unpacked.read(PIECE):
                """To the very end, where gzip keeps its own checksum."""
    except OSError as error:
        if error.errno is None:  # gzip tells of nonsense so
            raise Damaged(file) from error
        raise RuleBroken(f"{file} cannot be read: {error.strerror}.") from error
    except BROKEN as error:
        raise Damaged(file) from error


def examine(file: Path) -> Manifest:
    """Read all of it and compare it with what it says of itself. Refuses what is damaged or of a newer format."""
    with opened(file) as members:
        manifest = first(members)
        sums: dict[str, str] = {}
        said: dict[str, str] = {}
        for name, content in members:
            if name == CHECKSUMS:
                said = json.load(content)
            else:
                sums[name] = checksum(content)
        if sums != said or {f"{table}{ROWS}" for table in manifest.tables} | {SECRET} != set(sums):
            raise ValueError("not what it says of itself")
    return manifest


def first(members: Iterator[tuple[str, IO[bytes]]]) -> Manifest:
    name, content = next(members, ("", io.BytesIO()))
    if name != MANIFEST:
        raise ValueError("does not begin with its manifest")
    said = json.load(content)
    if isinstance(said, dict) and isinstance(said.get("format"), int) and said["format"] > FORMAT:
        raise RuleBroken("This backup was made by a newer version of Pipeline. Nothing was changed.")
    return Manifest.model_validate(said)


def checksum(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := content.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def add(tar: tarfile.TarFile, name: str, content: IO[bytes], *, at: datetime) -> str:
    """Put it in, and say its checksum."""
    entry = tarfile.TarInfo(name)
    entry.size = content.seek(0, io.SEEK_END)
    entry.mtime, entry.mode = int(at.timestamp()), 0o600
    content.seek(0)
    digest = checksum(content)
    content.seek(0)
    tar.addfile(entry, content)
    return digest


def _members(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for entry in tar:
        content = tar.extractfile(entry)
        if content is not None:
            yield entry.name, content
