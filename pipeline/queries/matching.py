"""Which contacts and opportunities a few typed words mean: by title, name, company, mail address and phone number.

Each word may stand in any of these, in any order: “kestrel ana” means Ana's deal with Kestrel. A word of three letters
or more is found anywhere, a shorter one where a word begins; neither needs its accents. Digits alone, however they are
set, mean a phone number as well.
"""

from collections.abc import Callable
from functools import lru_cache

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    Table,
    and_,
    case,
    false,
    func,
    intersect,
    or_,
    select,
    union,
    union_all,
)

from pipeline.domain.contacts import digits
from pipeline.folding import begins, contains, plain, spaced
from pipeline.kept.search_texts import contact_texts, has, title_texts
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity

LOOKED_AT = 500
FEW = 2_000
FEWEST_DIGITS = 3
FEWEST_LETTERS = 3
MOST_WORDS = 8
Ids = Select[int]
Most = ColumnElement[int] | None
"""How many are looked for at all: everything, if it is not said."""

deals = Opportunity.__table__.alias("their_deals")
staff = Contact.__table__.alias("staff")
words_of = contact_texts.alias("words_of")
for alias in (deals, staff, words_of):
    alias.c.keys()  # made now: two threads that make the columns of an alias at once make two sets of them
_words = select(words_of.c.text)  # read one by one: where EXISTS asks, PostgreSQL collects all that say it, to be quick


def contacts_saying(text: str, most: Most = None) -> ColumnElement[bool]:
    """Contacts with each of these words in their own texts or their company's, or with these digits in their number."""
    found = _meant(text, _contacts)
    return false() if found is None else Contact.id.in_(select(found.c.id).limit(most))


def opportunities_saying(text: str, most: Most = None) -> ColumnElement[bool]:
    """Opportunities with each of these words in their title, or in what their contact is found by."""
    found = _meant(text, _opportunities)
    return false() if found is None else Opportunity.id.in_(select(found.c.id).limit(most))


def is_said_by_many(text: str) -> ColumnElement[bool]:
    """Whether so many opportunities say it that whoever looks at one after the other soon has a handful."""
    found = _a_few(text)
    return false() if found is None else select(func.count()).select_from(found).scalar_subquery() > FEW


def opportunities_said_by_few(text: str) -> ColumnElement[bool]:
    """Opportunities saying it, all at once from the index; where they are many, only some."""
    found = _a_few(text)
    return false() if found is None else Opportunity.id.in_(select(found.c.id))


def opportunity_says(text: str) -> ColumnElement[bool]:
    """The same for one after the other, in whatever order they come, by what stands in their own texts.

    Asked as a comparison that most rows pass, by what PostgreSQL knows of it: expecting few, it would look at all.
    """
    each, number = [_says(part) for part in parts(text)] or [false()], _number(text)
    said = and_(*each) if number is None else or_(and_(*each), _says(number))
    return case((said, 1), else_=0) != 0


def contacts_lately_saying(text: str) -> ColumnElement[bool] | None:
    """The same among the newest that hold its longest word: quick, however many do; beside `contact_texts` in a query.

    None for what may be a number, which few have.
    """
    sought = _sought(text)
    if sought is None:
        return None
    longest, others = sought
    firms = _newest(select(contact_texts.c.id).where(has(contact_texts, longest)), contact_texts.c.id)
    theirs = _newest(select(staff.c.id).where(staff.c.company_id.in_(firms)), staff.c.id)
    newest = Contact.id.in_(_any_of(*_named(contact_texts, text, longest), theirs))
    return and_(newest, *(contains(contact_texts.c.text, part) | _its_company_says(part) for part in others))


def opportunities_lately_saying(text: str) -> ColumnElement[bool] | None:
    """The same for opportunities; beside `title_texts` in a query."""
    sought = _sought(text)
    if sought is None:
        return None
    longest, others = sought
    said = _newest(select(contact_texts.c.id).where(has(contact_texts, longest)), contact_texts.c.id)
    people = _newest(select(staff.c.id).where(staff.c.company_id.in_(said)), staff.c.id)
    theirs = [_newest(select(deals.c.id).where(deals.c.contact_id.in_(who)), deals.c.id) for who in (said, people)]
    newest = Opportunity.id.in_(_any_of(*_named(title_texts, text, longest), *theirs))
    return and_(newest, *(contains(title_texts.c.text, part) | _its_contact_says(part) for part in others))


def at_beginnings(text: str) -> list[str]:
    """Those of its words that are too short to be found anywhere but where a word begins."""
    return [part.strip() for part in parts(text) if part.startswith(" ")]


def parts(text: str) -> list[str]:
    """What is looked for: each word once, a short one with the space that it begins behind."""
    words = dict.fromkeys(plain(text).split()[:MOST_WORDS])
    return [word if len(word) >= FEWEST_LETTERS else spaced(word) for word in words]


@lru_cache(maxsize=256)
def _meant(text: str, found: Callable[[str], Ids]) -> CTE | None:
    """One set of ids, made from the index; None when nothing is said.

    The same object for the same text: a statement that asks in several places, as a board does for each of its
    columns, then has the database make the set once.
    """
    said = _said(text, found)
    return None if said is None else said.cte()


@lru_cache(maxsize=256)
def _a_few(text: str) -> CTE | None:
    """As many of its opportunities as are few, and one more."""
    said = _said(text, _opportunities)
    return None if said is None else said.limit(FEW + 1).cte()


def _said(text: str, found: Callable[[str], Ids]) -> Ids | None:
    each = [found(part) for part in parts(text)]
    if not each:
        return None
    said = each[0] if len(each) == 1 else select(intersect(*each).subquery().c.id)
    number = _number(text)
    if number is None or number in parts(text):
        return said
    return select(union(said, found(number)).subquery().c.id)


def _contacts(part: str) -> Ids:
    """Contacts with it in their texts, and those who are at such a company."""
    own = select(contact_texts.c.id).where(has(contact_texts, part))
    theirs = select(staff.c.id).join(contact_texts, staff.c.company_id == contact_texts.c.id)
    return _any_of(own, theirs.where(has(contact_texts, part)))


def _opportunities(part: str) -> Ids:
    """Opportunities with it in their title, and those of such contacts."""
    titled = select(title_texts.c.id).where(has(title_texts, part))
    theirs = select(deals.c.id).join(contact_texts, deals.c.contact_id == contact_texts.c.id)
    firms = select(deals.c.id).join(staff, deals.c.contact_id == staff.c.id)
    firms = firms.join(contact_texts, staff.c.company_id == contact_texts.c.id)
    said = has(contact_texts, part)
    return _any_of(titled, theirs.where(said), firms.where(said))


def _any_of(*ids: Ids) -> Ids:
    return select(union_all(*ids).subquery().c.id)


def _sought(text: str) -> tuple[str, list[str]] | None:
    """The longest part of what is looked for, and the others."""
    each = sorted(parts(text), key=len, reverse=True)
    return (each[0], each[1:]) if each and _number(text) is None else None


def _named(texts: Table, text: str, part: str) -> list[Ids]:
    """Ids whose own text begins with all of it, has a word that does, or holds that part: the newest of each."""
    said = spaced(text)
    holding = select(texts.c.id).where(has(texts, said))
    near = [holding.where(begins(texts.c.text, said)), holding, select(texts.c.id).where(has(texts, part))]
    return [_newest(ids, texts.c.id) for ids in near]


def _newest(ids: Ids, number: ColumnElement[int]) -> Ids:
    return select(ids.order_by(number.desc()).limit(LOOKED_AT).subquery().c.id)


def _says(part: str) -> ColumnElement[bool]:
    """An opportunity's title, or what its contact is found by."""
    title = select(title_texts.c.text).where(title_texts.c.id == Opportunity.id)
    return contains(title.scalar_subquery(), part) | _its_contact_says(part)


def _its_company_says(part: str) -> ColumnElement[bool]:
    return contains(_words.where(words_of.c.id == Contact.company_id).scalar_subquery(), part)


def _its_contact_says(part: str) -> ColumnElement[bool]:
    """The contact's own texts, or their company's."""
    own = _words.where(words_of.c.id == Opportunity.contact_id)
    firm = _words.join(staff, staff.c.company_id == words_of.c.id).where(staff.c.id == Opportunity.contact_id)
    return contains(own.scalar_subquery(), part) | contains(firm.scalar_subquery(), part)


def _number(text: str) -> str | None:
    """The digits of what may be a phone number; none when it holds a letter or too few digits."""
    found = plain(digits(text) or "")
    return found if len(found) >= FEWEST_DIGITS and not any(sign.isalpha() for sign in text) else None
