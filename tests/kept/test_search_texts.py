"""What search finds through its index is what a look at every row finds, whatever happened to the rows."""

import random

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from sqlalchemy import select, text

from pipeline import kept
from pipeline.cli import doctor
from pipeline.domain import contacts
from pipeline.extensions import db
from pipeline.folding import plain, spaced
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity
from pipeline.queries.matching import contacts_saying, opportunities_saying, parts
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.kept import renaming

ASKED = (
    "elise",
    "WEISS",
    "li",
    "l",
    "a l",
    "na lim",
    "555 01",
    "(555) 0",
    "0%",
    "_of",
    "%",
    '"h',
    "\\",
    "weiss ana",
    "12",
)


@pytest.fixture
def company(cast: Cast) -> Cast:
    sales, chance = factories.sales_pipeline(), random.Random(1)
    for _ in range(6):
        factories.deal(sales, renaming.words(chance))
    return cast


def agree(asked: str) -> None:
    """Index and plain look find the same."""
    db.session.rollback()
    deals = db.session.scalars(select(Opportunity)).all()
    people = db.session.scalars(select(Contact)).all()
    assert found(Opportunity, opportunities_saying(asked)) == {deal.id for deal in deals if says_deal(deal, asked)}
    assert found(Contact, contacts_saying(asked)) == {one.id for one in people if says(of_contact(one), asked)}


def found(kind: type[Opportunity] | type[Contact], condition: object) -> set[int]:
    return set(db.session.scalars(select(kind.id).where(condition)))  # type: ignore[arg-type]


def says_deal(deal: Opportunity, asked: str) -> bool:
    return says([deal.title, *of_contact(deal.contact)], asked)


def of_contact(contact: Contact) -> list[str]:
    known = [contact.name, contact.email, contact.phone_digits]
    if contact.company:
        known += [contact.company.name, contact.company.email, contact.company.phone_digits]
    return [one for one in known if one]


def says(texts: list[str], asked: str) -> bool:
    """Every word somewhere, short ones at the beginning of a word; or digits that are a number's."""
    words, digits = plain(asked).split(), "".join(sign for sign in asked if sign.isdigit())
    is_number = len(digits) >= 3 and not any(sign.isalpha() for sign in asked)
    return (is_number and any(digits in one for one in texts)) or all(
        any(word in plain(one) if len(word) > 2 else begins_a_word(one, word) for one in texts) for word in words
    )


def begins_a_word(text: str, word: str) -> bool:
    return any(one.startswith(word) for one in plain(text).split())


@hypothesis(max_examples=10)
@given(
    steps=st.lists(st.sampled_from(sorted(renaming.STEPS)), min_size=3, max_size=20),
    seed=st.integers(0, 10**6),
    lines=st.lists(st.sampled_from(renaming.WORDS), min_size=1, max_size=2).map(" ".join),
    cut=st.tuples(st.integers(0, 5), st.integers(1, 6)),
)
def test_after_any_changes_the_index_finds_what_a_plain_look_finds(
    company: Cast, steps: list[str], seed: int, lines: str, cut: tuple[int, int]
) -> None:
    chance = random.Random(seed)
    for name in steps:
        renaming.step(name, chance)
    for asked in (*ASKED, lines[cut[0] : sum(cut)].strip() or lines):
        agree(asked)


def test_the_database_folds_letters_as_python_does(app: Flask) -> None:
    for line in (*renaming.WORDS, " Élise  Weiß\t", "İstanbul ŒUVRE Þór ıt ΟΔΟΣ", "ﬁn ½ ①", "", "  "):
        assert db.session.scalar(text("SELECT search_text(:line)"), {"line": line}) == spaced(line)


def test_a_company_renamed_is_found_with_all_deals_under_its_new_name_only(company: Cast) -> None:
    with transaction():
        firm = contacts.create("Acorn", by=None, is_company=True)
    deal = factories.deal(factories.sales_pipeline("Other"), "Audit", contact=factories.contact("Bo", company=firm))
    with transaction():
        contacts.change(db.session.get_one(Contact, firm.id), by=None, name="Birch")
    assert found(Opportunity, opportunities_saying("birch aud")) == {deal.id}
    assert found(Opportunity, opportunities_saying("acorn")) == set()


def test_made_anew_it_holds_the_same(company: Cast) -> None:
    rows = text("SELECT rowid, text FROM contact_texts ORDER BY 1")
    before = db.session.execute(rows).all()
    with transaction():
        kept.rebuild(db.session.connection())
        kept.install(db.session.connection())
    assert db.session.execute(rows).all() == before != []


def test_without_its_index_search_finds_the_same_and_says_what_to_do(company: Cast) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite's tables are their own index")
    with transaction():
        db.session.execute(text("DROP EXTENSION pg_trgm CASCADE"))
        db.session.execute(text("CREATE TABLE ix_title_texts_trigrams (id int)"))  # stands in the way of an index
        kept.rebuild(db.session.connection())
        kept.install(db.session.connection())
    assert "CREATE EXTENSION pg_trgm" in doctor.search_index().remedy
    for asked in ASKED:
        agree(asked)
    with transaction():
        db.session.execute(text("DROP TABLE ix_title_texts_trigrams"))
        kept.rebuild(db.session.connection())
        kept.install(db.session.connection())
    assert doctor.search_index().is_well


@pytest.mark.parametrize(
    ("asked", "looked_for"),
    [("Élise  de Weiß", ["elise", "  de", "weiss"]), ("ana ANA", ["ana"]), ("", []), ("´", []), ("1 " * 50, ["  1"])],
)
def test_words_are_looked_for_once_and_short_ones_where_a_word_begins(asked: str, looked_for: list[str]) -> None:
    assert parts(asked) == looked_for
