"""Marking, in what was found, the parts that were looked for: `|marked(text)`. Everything is escaped on the way."""

from collections.abc import Iterator
from itertools import groupby

from flask import Flask
from markupsafe import Markup, escape

from pipeline.folding import plain
from pipeline.queries.matching import parts


def prepare(app: Flask) -> None:
    app.template_filter("marked")(marked)


def marked(said: str | None, asked: str) -> Markup:
    """The text with a `<mark>` around each word that was asked for, whatever its case and accents."""
    said = said or ""
    hit = _hits(said, asked)
    pieces = groupby(zip(said, hit, strict=True), key=lambda pair: pair[1])
    return Markup().join(_piece("".join(sign for sign, _ in pairs), is_hit) for is_hit, pairs in pieces)


def _piece(piece: str, is_hit: bool) -> Markup:
    return Markup("<mark>{}</mark>").format(piece) if is_hit else escape(piece)


def _hits(said: str, asked: str) -> list[bool]:
    """For each sign of the text, whether it belongs to something that was asked for."""
    letters, places = _plain_letters(said)
    hit = [False] * len(said)
    for part in parts(asked):
        word = part.strip()
        for start in _found(letters, word):
            if part == word or start == 0 or letters[start - 1].isspace():
                for place in places[start : start + len(word)]:
                    hit[place] = True
    return hit


def _plain_letters(said: str) -> tuple[str, list[int]]:
    """The text made plain, and of which sign of it each letter is."""
    pairs = [(letter, place) for place, sign in enumerate(said) for letter in plain(sign)]
    return "".join(letter for letter, _ in pairs), [place for _, place in pairs]


def _found(letters: str, word: str) -> Iterator[int]:
    start = letters.find(word)
    while start >= 0:
        yield start
        start = letters.find(word, start + 1)
