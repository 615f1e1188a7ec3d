"""Where one can go from every page, and the sections of the settings. A place shows once its endpoint exists."""

from dataclasses import dataclass

from flask import current_app, request, url_for

from pipeline.domain.access import Permission, can
from pipeline.web.auth import me


@dataclass(frozen=True, slots=True)
class Place:
    """`endpoint` opens it; it counts as the present one for every view of the same blueprint."""

    name: str
    endpoint: str
    icon: str = ""
    permission: Permission = Permission.SIGNED_IN

    @property
    def url(self) -> str:
        return url_for(self.endpoint)

    @property
    def is_here(self) -> bool:
        return request.blueprint == self.endpoint.partition(".")[0]


MAIN = (
    Place("Today", "today.show", "today"),
    Place("Board", "board.show", "board"),
    Place("List", "opportunities.index", "list"),
    Place("Contacts", "contacts.index", "contacts"),
    Place("Orders", "orders.index", "receipt"),
    Place("Reports", "reports.index", "reports"),
)

SETTINGS = (
    Place("Your profile", "profile.show", "person"),
    Place("Card layout", "card_layout.show", "board"),
    Place("Users", "users.index", "contacts", Permission.ADMINISTER),
    Place("Groups", "groups.index", "group", Permission.ADMINISTER),
    Place("Company", "company.show", "star", Permission.ADMINISTER),
    Place("Pipelines", "pipelines.index", "stages", Permission.ADMINISTER),
    Place("Products", "products.index", "box", Permission.ADMINISTER),
    Place("Skins", "skins.index", "eye", Permission.ADMINISTER),
    Place("Import", "imports.index", "upload", Permission.ADMINISTER),
    Place("Automations", "automations.index", "flow", Permission.ADMINISTER),
    Place("Mail templates", "mail_templates.index", "edit", Permission.ADMINISTER),
    Place("Runs", "runs.index", "clock", Permission.ADMINISTER),
    Place("Mailbox", "mailbox.index", "mail", Permission.ADMINISTER),
)


def main() -> list[Place]:
    return open_to_me(MAIN)


def settings() -> list[Place]:
    return open_to_me(SETTINGS)


def in_settings() -> bool:
    return any(place.is_here for place in SETTINGS)


def exists(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def open_to_me(places: tuple[Place, ...]) -> list[Place]:
    return [place for place in places if exists(place.endpoint) and can(me(), place.permission)]
