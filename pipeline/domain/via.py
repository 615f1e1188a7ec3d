"""How a change was reached. Every event and every move keeps it."""

from enum import StrEnum


class Via(StrEnum):
    SCREEN = "screen"
    DRAG = "drag"
    MENU = "menu"
    RECORD = "record"
    LIST = "list"
    BULK = "bulk"
    BULK_QUIET = "bulk_quiet"
    API = "api"
    IMPORT = "import"
    IMPORT_LIVE = "import_live"
    PURCHASE = "purchase"
    AUTOMATION = "automation"
    SCHEDULE = "schedule"
    SYSTEM = "system"
    UNDO = "undo"

    @property
    def is_by_person(self) -> bool:
        """A person's own hand on this very record, as *only when a person moved it* means it."""
        return self in {Via.SCREEN, Via.DRAG, Via.MENU, Via.RECORD, Via.LIST, Via.BULK, Via.BULK_QUIET}

    @property
    def keeps_quiet(self) -> bool:
        """What sets nothing off: imports and changes to many unless asked to, housekeeping, and undoing."""
        return self in {Via.IMPORT, Via.BULK_QUIET, Via.SYSTEM, Via.UNDO}
