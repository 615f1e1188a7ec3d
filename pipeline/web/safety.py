"""What may be believed of an address that came with a request."""

from urllib.parse import urlsplit


def address_here(wanted: str | None) -> str | None:
    """The address, if it is a path here. Browsers take `//host`, `/\\host` and control characters to another site."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return None
    if any(ord(character) <= ord(" ") for character in wanted) or "\\" in wanted:
        return None
    parts = urlsplit(wanted)
    return None if parts.scheme or parts.netloc else wanted
