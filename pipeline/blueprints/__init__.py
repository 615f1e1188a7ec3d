"""The edges that people reach by HTTP. Each module named here has a blueprint `bp`; to add one, add its line."""

BLUEPRINTS: tuple[str, ...] = (
    "home",
    "opportunities",
    "auth.sessions",
    "settings.profile",
    "settings.theme",
)
