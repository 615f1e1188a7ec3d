"""One way to write: all of a block, or nothing of it."""

import pytest
from flask import Flask

from pipeline.extensions import db
from pipeline.models.contact import Tag
from pipeline.transaction import transaction


def names() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Tag.name)))


def test_all_of_a_block_is_kept(app: Flask) -> None:
    with transaction():
        db.session.add_all([Tag(name="one"), Tag(name="two")])
    assert names() == ["one", "two"]


def test_nothing_is_kept_of_a_block_that_fails(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        db.session.add(Tag(name="one"))
        db.session.flush()
        raise ZeroDivisionError
    assert names() == []


def test_a_write_outside_a_transaction_is_refused(app: Flask) -> None:
    db.session.add(Tag(name="stray"))
    with pytest.raises(RuntimeError, match="with transaction"):
        db.session.flush()
    assert names() == []


def test_transactions_do_not_nest(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="only the edge"), transaction(), transaction():
        pass


def test_what_was_read_before_is_read_again_inside(app: Flask) -> None:
    with transaction():
        db.session.add(Tag(name="before"))
    tag = db.session.scalars(db.select(Tag)).one()
    with app.app_context(), transaction():
        db.session.execute(db.update(Tag).values(name="after"))
    with transaction():
        assert tag.name == "after"
