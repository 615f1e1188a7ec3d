"""The form of a skin. It checks shape; what can be read, and what a logo is, the domain knows."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, ColorField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from pipeline.domain import colours, logos, skins
from pipeline.domain.logos import Logo
from pipeline.domain.skins import Look
from pipeline.models.skin import Skin

TEXT = [Length(max=skins.LONGEST_TEXT, message="Use at most %(max)d letters.")]
LOOKS = Look(name="")


class SkinForm(FlaskForm):  # type: ignore[misc]
    name = StringField("Name", [InputRequired("A skin needs a name."), Length(max=skins.LONGEST_NAME)])
    logo = FileField("Logo")
    takes_logo_away = BooleanField("Take the logo away")
    accent = ColorField("Button", default=LOOKS.accent)
    background = ColorField("Page", default=LOOKS.background)
    ink = ColorField("Text", default=LOOKS.ink)
    header = TextAreaField("Header", TEXT)
    footer = TextAreaField("Footer", TEXT)
    terms = TextAreaField("Terms", [Length(max=skins.LONGEST_TERMS, message="Use at most %(max)d letters.")])
    thanks = TextAreaField("Thanks after paying", TEXT)

    @classmethod
    def of(cls, skin: Skin) -> "SkinForm":
        """As the skin is now."""
        return cls(formdata=None, data={field: getattr(skin, field) for field in Look.__dataclass_fields__})

    @property
    def look(self) -> Look:
        """As it was sent; what is no colour is left for the rule to refuse."""
        return Look(**{field: self[field].data or "" for field in Look.__dataclass_fields__})

    @property
    def tried(self) -> Look:
        """The same to look at: a colour that is none is the usual one."""
        usual = {field: getattr(LOOKS, field) for field in skins.COLOURS}
        sent = {field: self[field].data or "" for field in Look.__dataclass_fields__}
        return Look(**{**sent, **{field: tone for field, tone in usual.items() if not colours.is_colour(sent[field])}})

    @property
    def picture(self) -> Logo | None:
        """The file that came along, if one did. Refuses what is no logo."""
        content = self.logo.data.read() if self.logo.data else b""
        if self.logo.data:
            self.logo.data.seek(0)
        return logos.read(content) if content else None
