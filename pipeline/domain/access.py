"""Who may see and do what. The one place: rows are loaded through it, and totals, search and exports count through it.

Administrators and those who may *view all* see everything. Others see what they own, what is shared with them, and
what is owned in teams they manage. What may not be seen does not exist.
"""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, exists, false, or_, select, true
from sqlalchemy.orm.interfaces import ORMOption

from pipeline.domain.rules import NotAllowed, NotVisible
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity, Share, ShareLevel
from pipeline.models.user import Membership, User


class Permission(StrEnum):
    """What a route asks of the person who calls it."""

    SIGNED_IN = "signed_in"
    OPPORTUNITY_VIEW = "opportunity_view"
    OPPORTUNITY_ADD = "opportunity_add"
    OPPORTUNITY_EDIT = "opportunity_edit"
    OPPORTUNITY_DELETE = "opportunity_delete"
    CONTACT_VIEW = "contact_view"
    CONTACT_EDIT = "contact_edit"
    SEARCH = "search"
    ADMINISTER = "administer"


def can(user: User, permission: Permission) -> bool:
    """Whether the user may do this kind of thing at all, whichever record it is about."""
    if not user.is_active:
        return False
    match permission:
        case Permission.ADMINISTER:
            return user.is_admin
        case Permission.OPPORTUNITY_ADD:
            return user.is_admin or user.may_add
        case Permission.OPPORTUNITY_DELETE:
            return user.is_admin or user.may_delete
        case Permission.SEARCH:
            return user.is_admin or user.may_search
        case _:
            return True


def sees_all(user: User) -> bool:
    return user.is_admin or user.may_view_all


def visible_opportunities(to: User) -> ColumnElement[bool]:
    """The WHERE clause of what this person may see; deleted ones are left to the query."""
    if sees_all(to):
        return true()
    return or_(own_or_managed(Opportunity.owner_id, to), shared_with(to))


def shared_with(person: User) -> ColumnElement[bool]:
    """Whether an opportunity was shared with this person."""
    return Opportunity.id.in_(select(Share.opportunity_id).where(Share.user_id == person.id))


def own_or_managed(column: SQLColumnExpression[int | None], person: User) -> ColumnElement[bool]:
    """Whether a column names this person, or someone in a team they manage."""
    if not person.managed_group_ids:
        return column == person.id
    return or_(column == person.id, column.in_(_members_of(person.managed_group_ids)))


def visible_contacts(to: User) -> ColumnElement[bool]:
    """Contacts one owns, contacts of one's visible opportunities, and the companies those people are at."""
    if sees_all(to):
        return true()
    mine = select(Opportunity.contact_id).where(visible_opportunities(to), Opportunity.deleted_at.is_(None))
    own = [Contact.owner_id == to.id, Contact.id.in_(mine)]
    if to.managed_group_ids:
        own.append(Contact.owner_id.in_(_members_of(to.managed_group_ids)))
    person = Contact.__table__.alias("person")
    companies = select(person.c.company_id).where(or_(person.c.owner_id == to.id, person.c.id.in_(mine)))
    return or_(*own, Contact.id.in_(companies))


def opportunity(
    opportunity_id: int, *, to: User, deleted: bool = False, options: Sequence[ORMOption] = ()
) -> Opportunity:
    """The opportunity, if this person may see it; else there is none. `options` say what to load along with it."""
    found = db.session.scalars(
        select(Opportunity)
        .where(
            Opportunity.id == opportunity_id,
            visible_opportunities(to),
            Opportunity.deleted_at.is_not(None) if deleted else Opportunity.deleted_at.is_(None),
        )
        .options(*options)
    )
    if (opportunity := found.unique().one_or_none()) is None:
        raise NotVisible("opportunity")
    return opportunity


def editable_opportunity(opportunity_id: int, *, by: User, options: Sequence[ORMOption] = ()) -> Opportunity:
    """The same for someone who wants to change it: refuses, with the reason, whoever sees it but may not."""
    found = opportunity(opportunity_id, to=by, options=options)
    refuse_unless_editable(found, by=by)
    return found


def activity(activity_id: int, *, to: User) -> Activity:
    """What is to be done, if this person may see what it is about, or it is theirs to do; else there is none."""
    seen = select(Opportunity.id).where(visible_opportunities(to), Opportunity.deleted_at.is_(None))
    found = db.session.scalar(
        select(Activity).where(
            Activity.id == activity_id,
            Activity.deleted_at.is_(None),
            or_(Activity.opportunity_id.in_(seen), Activity.assignee_id == to.id),
        )
    )
    if found is None:
        raise NotVisible("task")
    return found


def contact(contact_id: int, *, to: User, deleted: bool = False) -> Contact:
    """The contact, if this person may see it; else there is none."""
    found = db.session.scalar(
        select(Contact).where(
            Contact.id == contact_id,
            visible_contacts(to),
            Contact.deleted_at.is_not(None) if deleted else Contact.deleted_at.is_(None),
        )
    )
    if found is None:
        raise NotVisible("contact")
    return found


def may_see(user: User, thing: Opportunity) -> bool:
    """What `visible_opportunities` says of one; for most people without asking."""
    if sees_all(user) or thing.owner_id == user.id:
        return True
    return (
        db.session.scalar(select(Opportunity.id).where(Opportunity.id == thing.id, visible_opportunities(user)))
        is not None
    )


def may_edit(user: User, thing: Opportunity) -> bool:
    """Owners, writers by share, managers of the owner's team, and those who may edit all."""
    if user.is_admin or user.may_edit_all or thing.owner_id == user.id:
        return True
    if any(share.user_id == user.id and share.level is ShareLevel.WRITE for share in thing.shares):
        return True
    return _manages(user, thing.owner_id)


def editable_opportunities(by: User) -> ColumnElement[bool]:
    """What `may_edit` says of a row, as a part of its query."""
    if by.is_admin or by.may_edit_all:
        return true()
    works = exists().where(
        Share.opportunity_id == Opportunity.id, Share.user_id == by.id, Share.level == ShareLevel.WRITE
    )
    return or_(Opportunity.owner_id == by.id, works, _owned_in_teams_of(by))


def refuse_unless_editable(thing: Opportunity, *, by: User | None) -> None:
    """The system may edit anything; a person what they see and may edit, and closed ones only with that right."""
    if by is None:
        return
    if not may_see(by, thing):
        raise NotVisible("opportunity")
    if reason := why_not_editable(thing, by=by):
        raise NotAllowed(reason)


def why_not_editable(thing: Opportunity, *, by: User) -> str | None:
    """The sentence for someone who sees it but may not change it; None for who may."""
    return why_not(thing, by=by, may_edit=may_edit(by, thing))


def why_not(thing: Opportunity, *, by: User, may_edit: bool) -> str | None:
    """The same, where the query that found it has said already whether they `may_edit` it."""
    if not may_edit:
        return "You can see this opportunity but not change it. Its owner or an admin can give you write access."
    if not thing.is_open and not (by.is_admin or by.may_edit_closed):
        return "This opportunity is closed, and you may not edit closed ones. An admin can give you that right."
    return None


def refuse_unless_contact_editable(thing: Contact, *, by: User | None) -> None:
    """Its owner edits a contact, who edits all, who may edit one of its deals; anyone while it is nobody's."""
    if by is not None and (refusal := why_contact_not_editable(thing, by=by)):
        raise NotAllowed(refusal)


def why_contact_not_editable(thing: Contact, *, by: User) -> str | None:
    """The sentence for someone who sees it but may not change it; None for who may."""
    if by.is_admin or by.may_edit_all or thing.owner_id in (None, by.id) or _manages(by, thing.owner_id):
        return None
    deals = db.session.scalars(
        select(Opportunity).where(Opportunity.contact_id == thing.id, Opportunity.deleted_at.is_(None))
    )
    if any(may_edit(by, deal) for deal in deals):
        return None
    return "You can see this contact but not change it. Its owner or an admin can."


def refuse_unless(user: User | None, permission: Permission, message: str) -> None:
    """Refuse a person who lacks a right; the system lacks none."""
    if user is not None and not can(user, permission):
        raise NotAllowed(message)


def refuse_unless_owns(thing: Opportunity, *, by: User | None) -> None:
    """Refuse whoever may not hand a deal over or share it; the system may."""
    if by is not None and not may_hand_over(by, thing):
        raise NotAllowed("Only the owner or an admin can hand over or share this opportunity.")


def may_hand_over(user: User, thing: Opportunity) -> bool:
    """The owner, a manager of the owner's team and admins hand a deal over or share it; writers do not."""
    return user.is_admin or thing.owner_id in (None, user.id) or _manages(user, thing.owner_id)


def transferable_opportunities(by: User) -> ColumnElement[bool]:
    """What `may_hand_over` says of a row, as a part of its query."""
    if by.is_admin:
        return true()
    return or_(Opportunity.owner_id.is_(None), Opportunity.owner_id == by.id, _owned_in_teams_of(by))


def _owned_in_teams_of(manager: User) -> ColumnElement[bool]:
    if not manager.managed_group_ids:
        return false()
    return Opportunity.owner_id.in_(_members_of(manager.managed_group_ids))


def members_managed_by(manager: User) -> Select[int]:
    """Everyone in the teams this person manages, themselves included."""
    return _members_of(manager.managed_group_ids)


def _members_of(group_ids: list[int]) -> Select[int]:
    return select(Membership.user_id).where(Membership.group_id.in_(group_ids))


def _manages(user: User, owner_id: int | None) -> bool:
    if owner_id is None or not user.managed_group_ids:
        return False
    return owner_id in set(db.session.scalars(_members_of(user.managed_group_ids)))
