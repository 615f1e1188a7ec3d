"""The question box of an offer's page, with a field that only machines fill in."""

from flask_wtf import FlaskForm
from wtforms import EmailField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional

from pipeline.domain import questions


class QuestionForm(FlaskForm):  # type: ignore[misc]
    """It carries no token of its own: the address it is sent to is known to its holder alone."""

    class Meta:
        csrf = False

    text = TextAreaField(
        "Your question",
        [
            InputRequired("Write your question first."),
            Length(max=questions.LONGEST, message="Use at most %(max)d letters."),
        ],
    )
    email = EmailField(
        "Where to answer",
        [Optional(), Email("This is not a mail address."), Length(max=254, message="Use at most %(max)d letters.")],
    )
    website = StringField("Leave this empty")

    @property
    def is_by_machine(self) -> bool:
        """Whether the field was filled in that nobody sees."""
        return bool(self.website.data)
