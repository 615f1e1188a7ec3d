"""Addresses that leave the house: in mails, on paper, at payment providers. `create_app` says where it is found."""


class _House:
    def __init__(self) -> None:
        self.url = "http://127.0.0.1:8000"


_house = _House()


def found_at(public_url: str) -> None:
    """This is where people outside find the house."""
    _house.url = public_url.rstrip("/")


def absolute(path: str) -> str:
    """The whole address of a page, for whoever is not on one of ours already."""
    return _house.url + path
