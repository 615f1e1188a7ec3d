"""Whose installation it is."""

from collections.abc import Callable

import pytest

from pipeline.domain import installation
from pipeline.models.user import User
from tests.cast import Cast
from tests.support.visiting import Visitor

Visit = Callable[[User], Visitor]
URL = "/settings/company"


@pytest.mark.parametrize(("htmx", "status"), [(True, 200), (False, 303)])
def test_admins_name_the_company(cast: Cast, visit: Visit, afresh: Callable[[], None], htmx: bool, status: int) -> None:
    ada = visit(cast.ada)
    assert ada.get(URL).status_code == 200
    answer = ada.post(URL, htmx=htmx, company_name=" Harbor  Bookkeeping ", currency="eur", undo_seconds=60)
    assert answer.status_code == status
    afresh()
    here = installation.current()
    assert (here.company_name, here.currency, here.undo_seconds) == ("Harbor Bookkeeping", "EUR", 60)


@pytest.mark.parametrize("currency", ["", "XXL", "euro"])
def test_a_currency_nobody_knows_is_asked_again(cast: Cast, visit: Visit, currency: str) -> None:
    answer = visit(cast.ada).post(URL, company_name="Harbor", currency=currency, undo_seconds=30)
    assert answer.status_code == 422
    assert installation.current().company_name == ""


def test_others_may_not(cast: Cast, visit: Visit) -> None:
    assert visit(cast.olive).get(URL).status_code == 403
    assert visit(cast.olive).post(URL, company_name="Mine", currency="USD").status_code == 403


@pytest.mark.parametrize("seconds", ["", "-1", "301", "soon"])
def test_a_time_to_undo_that_is_none_is_asked_again(cast: Cast, visit: Visit, seconds: str) -> None:
    assert visit(cast.ada).post(URL, currency="EUR", undo_seconds=seconds).status_code == 422
