"""Passwords: kept as argon2id, and refused only for being short or too well known."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pipeline.domain.rules import RuleBroken

SHORTEST = 10
LONGEST = 200
TOO_WELL_KNOWN = frozenset({"password12", "password123", "1234567890", "qwertyuiop", "passwordpassword", "1111111111"})

hasher = PasswordHasher()
NOBODYS = hasher.hash("the password of nobody, so that unknown users take as long as known ones")


def hashed(password: str) -> str:
    """The hash to keep. Refuses passwords that are too short, too long or too well known."""
    if len(password) < SHORTEST:
        raise RuleBroken(f"A password has at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise RuleBroken(f"A password has at most {LONGEST} characters.")
    if password.casefold() in TOO_WELL_KNOWN:
        raise RuleBroken("This password is one of the first that anyone would try. Choose another.")
    return hasher.hash(password)


def matches(password: str, kept: str | None) -> bool:
    """Whether it is the password. Takes as long when there is none."""
    try:
        return hasher.verify(kept or NOBODYS, password[:LONGEST]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False
