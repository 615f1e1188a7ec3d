"""A backup that cannot be trusted is refused in one line, and so is a database that is in use; nothing is changed."""

import gzip
import json
import tarfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from pipeline import backups, migrations
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.user import User
from tests.cast import Cast

Change = Callable[[dict[str, bytes]], None]


@pytest.fixture
def file(app: Flask, cast: Cast, tmp_path: Path) -> Path:
    path = tmp_path / "all.backup"
    backups.write(db.engine, path, secret_key="secret")
    return path


def refusal(file: Path, *, replace: bool = True) -> str:
    """What is said, with the database as it was before."""
    with pytest.raises(RuleBroken) as refused:
        backups.restore(db.engine, file, replace=replace)
    assert "\n" not in refused.value.message
    assert db.session.scalar(select(func.count(User.id))) == 5
    assert migrations.is_current(db.engine)
    return refused.value.message


def rewrite(file: Path, change: Change) -> None:
    with tarfile.open(file) as tar:
        members = {entry.name: tar.extractfile(entry).read() for entry in tar}  # type: ignore[union-attr]
    change(members)
    with tarfile.open(file, "w:gz") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, BytesIO(content))


def saying(**different: Any) -> Change:
    def change(members: dict[str, bytes]) -> None:
        members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | different).encode()

    return change


def forge(members: dict[str, bytes]) -> None:
    members["users.jsonl"] = members["users.jsonl"].replace(b"Olive", b"Oscar")


def leave_out(members: dict[str, bytes]) -> None:
    del members["users.jsonl"]


def end_early(members: dict[str, bytes]) -> None:
    del members["checksums.json"]


def begin_otherwise(members: dict[str, bytes]) -> None:
    members["manifest.json"] = members.pop("manifest.json")


@pytest.mark.parametrize("change", [forge, leave_out, end_early, begin_otherwise, saying(tables={"users": 5})])
def test_a_file_that_was_tampered_with_is_refused(file: Path, change: Change) -> None:
    rewrite(file, change)

    assert "is damaged" in refusal(file)


@pytest.mark.parametrize("part", [0, 0.1, 0.5, 0.99])
def test_a_file_that_was_cut_short_is_refused(file: Path, part: float) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * part)])

    assert "is damaged" in refusal(file)


def test_a_flipped_byte_is_noticed(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    file.write_bytes(whole)

    assert "is damaged" in refusal(file)


@pytest.mark.parametrize(
    "content", [b"name,email\n", gzip.compress(b"name,email\n"), b"\x00" * 4096], ids=["text", "zipped text", "zeros"]
)
def test_another_kind_of_file_is_refused(app: Flask, cast: Cast, tmp_path: Path, content: bytes) -> None:
    other = tmp_path / "other"
    other.write_bytes(content)

    assert "no backup of Pipeline" in refusal(other)


@pytest.mark.parametrize("newer", [{"format": 99}, {"revision": "9999"}])
def test_a_backup_of_a_newer_version_is_refused(file: Path, newer: dict[str, Any]) -> None:
    rewrite(file, saying(**newer))

    assert "newer version" in refusal(file)


def test_a_file_that_is_not_there_is_said_to_be_so(app: Flask, cast: Cast, tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "nothing")


def test_a_database_in_use_is_only_replaced_when_asked(file: Path) -> None:
    assert "--replace" in refusal(file, replace=False)


def test_a_backup_is_for_its_owners_eyes_only_and_leaves_nothing_beside_it(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_a_backup_that_fails_leaves_the_former_one(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    former = file.read_bytes()
    monkeypatch.setattr("pipeline.backups.tables.count", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        backups.write(db.engine, file, secret_key="secret")

    assert file.read_bytes() == former
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_a_backup_into_a_folder_that_is_not_there_is_refused(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(RuleBroken, match="cannot be written: No such file or directory"):
        backups.write(db.engine, tmp_path / "nowhere" / "all.backup", secret_key="secret")
