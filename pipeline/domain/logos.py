"""Logos: small pictures, known by their first bytes whatever their name says. What could hold code is none."""

from dataclasses import dataclass

from pipeline.domain.rules import RuleBroken

MOST = 100_000
BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


@dataclass(frozen=True)
class Logo:
    content: bytes
    type: str


def read(content: bytes) -> Logo:
    """The picture and what kind it is. Refuses what is too large, and what is no PNG, JPEG, WebP or GIF."""
    if len(content) > MOST:
        raise RuleBroken(
            f"This logo has {len(content) // 1000} KB; prospects wait for it. Make it {MOST // 1000} at most."
        )
    kind = _kind_of(content)
    if kind is None:
        raise RuleBroken("A logo is a PNG, JPEG, WebP or GIF picture, and this file is none of them.")
    return Logo(content, kind)


def _kind_of(content: bytes) -> str | None:
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for beginning, kind in BEGINNINGS if content.startswith(beginning)), None)
