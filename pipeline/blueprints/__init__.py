"""The edges that people reach by HTTP. Each module named here has a blueprint `bp`; to add one, add its line."""

BLUEPRINTS: tuple[str, ...] = (
    "demo",
    "health",
    "home",
    "today",
    "activities",
    "board",
    "opportunities",
    "opportunities.calls",
    "opportunities.deletion",
    "opportunities.export",
    "opportunities.facts",
    "opportunities.moves",
    "opportunities.notes",
    "opportunities.shares",
    "opportunities.tags",
    "opportunities.tasks",
    "opportunities.ticks",
    "auth.sessions",
    "settings.profile",
    "settings.theme",
)
