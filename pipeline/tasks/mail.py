"""Delivering mail: by SMTP when that is set, else into the mailbox that the app shows."""

from urllib.parse import urlsplit

from flask import current_app

from pipeline.domain import mails
from pipeline.domain.mails import Parcel
from pipeline.domain.outcome import Outcome
from pipeline.gateways import mail as gateway
from pipeline.tasks import errand


def pack(mail_id: int) -> Parcel | None:
    host = urlsplit(current_app.config["SETTINGS"].public_url).hostname or "localhost"
    return mails.pack(mail_id, carrier().kind, host)


def carry(parcel: Parcel) -> Outcome:
    return carrier().carry(parcel)


def carrier() -> gateway.MailCarrier:
    return gateway.carrier(current_app.config["SETTINGS"])


errand(mails.DELIVER, prepare=pack, carry=carry, told=mails.note)
