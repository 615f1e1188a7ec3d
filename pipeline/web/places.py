"""The choices of forms that ask where someone is: time zones, ways to write numbers and dates, currencies."""

from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from babel.numbers import list_currencies

LOCALES = (
    "en", "en_GB", "en_CA", "en_AU", "en_IN", "de", "de_AT", "de_CH", "fr", "fr_CA", "fr_CH", "es", "es_MX", "it", "nl",
    "pt", "pt_BR", "sv", "da", "nb", "fi", "pl", "cs", "hu", "ro", "el", "tr", "ja", "ko", "zh",
)  # fmt: skip


@cache
def time_zones() -> list[tuple[str, str]]:
    """Every zone of the IANA database that is a place, and UTC."""
    places = {
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/"))
    }
    return [(name, name.replace("_", " ")) for name in ("UTC", *sorted(places))]


@cache
def locales() -> list[tuple[str, str]]:
    """Code and English name of each way to write numbers and dates."""
    return [(code, Locale.parse(code).english_name or code) for code in LOCALES]


@cache
def currencies() -> list[tuple[str, str]]:
    """Code and name of each currency in use today."""
    names = Locale("en").currencies
    return [(code, f"{code} – {names[code]}") for code in sorted(list_currencies()) if code in names]
