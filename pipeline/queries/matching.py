"""Which contacts and opportunities a few typed words mean: by title, name, company, mail address and phone number.

Each word may stand in any of these, in any order: “kestrel ana” means Ana's deal with Kestrel. A word of three letters
or more is found anywhere, a shorter one where a word begins; neither needs its accents. Digits alone, however they are
set, mean a phone number as well.
"""

from collections.abc import Callable
from functools import lru_cache

from sqlalchemy import CTE, ColumnElement, Select, false, intersect, select, union, union_all

from pipeline.domain.contacts import digits
from pipeline.folding import plain, spaced
from pipeline.kept.search_texts import contact_texts, has, title_texts
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity

FEWEST_DIGITS = 3
FEWEST_LETTERS = 3
MOST_WORDS = 8
Ids = Select[int]

deals = Opportunity.__table__.alias("their_deals")
staff = Contact.__table__.alias("staff")
for alias in (deals, staff):
    alias.c.keys()  # made now: two threads that make the columns of an alias at once make two sets of them


def contacts_saying(text: str) -> ColumnElement[bool]:
    """Contacts with each of these words in their own texts or their company's, or with these digits in their number."""
    found = _meant(text, _contacts)
    return false() if found is None else Contact.id.in_(select(found.c.id))


def opportunities_saying(text: str) -> ColumnElement[bool]:
    """Opportunities with each of these words in their title, or in what their contact is found by."""
    found = _meant(text, _opportunities)
    return false() if found is None else Opportunity.id.in_(select(found.c.id))


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
    each = [found(part) for part in parts(text)]
    if not each:
        return None
    said = each[0] if len(each) == 1 else select(intersect(*each).subquery().c.id)
    number = _number(text)
    if number is None or number in parts(text):
        return said.cte()
    return select(union(said, found(number)).subquery().c.id).cte()


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


def _number(text: str) -> str | None:
    """The digits of what may be a phone number; none when it holds a letter or too few digits."""
    found = plain(digits(text) or "")
    return found if len(found) >= FEWEST_DIGITS and not any(sign.isalpha() for sign in text) else None
