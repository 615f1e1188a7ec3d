"""The mailbox: what was written, and a mail that cannot do anything to who reads it."""

from collections.abc import Callable

from pipeline.domain import mails
from pipeline.models.mail import Mail
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests.cast import Cast
from tests.support.visiting import Visitor


def a_mail() -> Mail:
    with transaction():
        return mails.write(
            purpose="test:1",
            to_address="ana@example.com",
            to_name="Ana",
            subject="Hello",
            text="See https://example.com",
            html="<p>Hi <script>alert(1)</script></p>",
        )


def test_an_admin_reads_a_mail_in_a_frame_that_may_do_nothing(cast: Cast, visit: Callable[[User], Visitor]) -> None:
    mail = a_mail()
    ada = visit(cast.ada)
    assert "Hello" in ada.get("/mailbox").text
    frame = ada.soup(f"/mailbox/{mail.id}").find("iframe")
    assert frame is not None
    assert not frame["sandbox"]
    assert "<script>" not in ada.get(f"/mailbox/{mail.id}").text


def test_others_do_not(cast: Cast, visit: Callable[[User], Visitor]) -> None:
    mail = a_mail()
    assert visit(cast.olive).get("/mailbox").status_code == 403
    assert visit(cast.olive).get(f"/mailbox/{mail.id}").status_code == 403
    assert visit(cast.ada).get("/mailbox/999").status_code == 404
