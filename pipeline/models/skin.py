"""Skins: how the pages look and speak that prospects see."""

from datetime import datetime

from sqlalchemy import LargeBinary, String, Text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from pipeline.models.base import Instant, Numbered


class Skin(Numbered):
    """Colours as `#rrggbb`: `accent` for the button and the marks, `background` and `ink` for page and text.

    Texts are Markdown. `version` grows with every change, so that browsers keep a logo no longer than it is true.
    """

    __tablename__ = "skins"

    name: Mapped[str] = mapped_column(String(80), unique=True)
    logo: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    logo_type: Mapped[str | None] = mapped_column(String(40))
    accent: Mapped[str] = mapped_column(String(7), default="#1f5eff")
    background: Mapped[str] = mapped_column(String(7), default="#ffffff")
    ink: Mapped[str] = mapped_column(String(7), default="#1b1f24")
    header: Mapped[str] = mapped_column(Text, default="")
    footer: Mapped[str] = mapped_column(Text, default="")
    terms: Mapped[str] = mapped_column(Text, default="")
    thanks: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)
