"""Every way in says who may take it."""

from flask import Flask

from pipeline.web.navigation import MAIN, SETTINGS

READS = {"GET", "HEAD", "OPTIONS"}
OPEN_TO_ALL = {
    "assets",
    "favicon",
    "first_run.create",
    "first_run.new",
    "health.alive",
    "health.ready",
    "hooks.receive",
    "password_resets.create",
    "password_resets.edit",
    "password_resets.new",
    "password_resets.update",
    "sessions.create",
    "sessions.new",
    "shop.ask",
    "shop.checkout",
    "shop.choose",
    "shop.come_back",
    "shop.go_on",
    "shop.logo",
    "shop.receipt",
    "shop.receipt_of_order",
    "shop.sandbox",
    "shop.show",
    "shop.skin_style",
    "shop.want_fresh",
}


def test_every_view_is_guarded_or_public(app: Flask) -> None:
    bare = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if not (getattr(view, "is_public", False) or getattr(view, "permission", None))
    ]
    assert not bare, f"mark the view with @requires(Permission.…) or @public: {bare}"


def test_what_is_open_to_all_is_open_on_purpose(app: Flask) -> None:
    public = {endpoint for endpoint, view in app.view_functions.items() if getattr(view, "is_public", False)}
    assert public == OPEN_TO_ALL, "a public view is listed here, with thought; a guarded one has @requires"


def test_a_url_that_is_read_is_not_the_url_of_a_verb(app: Flask) -> None:
    mixed = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.methods and rule.methods & READS - {"OPTIONS"} and rule.methods - READS
    ]
    assert not mixed, f"a view either shows or changes; write two, named for what each does: {mixed}"


def test_places_to_go_exist(app: Flask) -> None:
    later = {"reports.index"}
    missing = {place.endpoint for place in (*MAIN, *SETTINGS)} - set(app.view_functions) - later
    assert not missing, f"a place is listed before it can be gone to: {missing}"
