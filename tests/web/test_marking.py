"""What was looked for is marked in what was found, and nothing in it becomes HTML."""

import pytest

from pipeline.web.marking import marked


@pytest.mark.parametrize(
    ("said", "asked", "shown"),
    [
        ("Kestrel audit", "EST", "K<mark>est</mark>rel audit"),
        ("Élise Weiß", "eli weiss", "<mark>Éli</mark>se <mark>Weiß</mark>"),
        ("De Vries, Linde", "de", "<mark>De</mark> Vries, Linde"),
        ("<b>Ana</b>", "ana", "&lt;b&gt;<mark>Ana</mark>&lt;/b&gt;"),
        ("aaaa", "aaa", "<mark>aaaa</mark>"),
        ("Acme", "zzz", "Acme"),
        (None, "zzz", ""),
    ],
)
def test_the_parts_that_were_asked_for_are_marked(said: str | None, asked: str, shown: str) -> None:
    assert str(marked(said, asked)) == shown
