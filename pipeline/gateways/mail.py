"""Mail's way out: an SMTP server, or the mailbox inside the app.

What a server refuses for good is impossible, what it refuses for now is for later; a line that goes dead once the mail
was handed over leaves it uncertain whether it went.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Protocol
from urllib.parse import unquote, urlsplit

from email_validator import validate_email

from pipeline.domain.mails import Parcel
from pipeline.domain.outcome import Carried, Impossible, Later, Outcome, Uncertain
from pipeline.models.mail import Carrier
from pipeline.settings import Settings

TIMEOUT = 20
FOR_GOOD = range(500, 600)


class MailCarrier(Protocol):
    @property
    def kind(self) -> Carrier: ...

    def carry(self, parcel: Parcel) -> Outcome: ...


def carrier(settings: Settings) -> MailCarrier:
    """SMTP when its URL is set, else the mailbox."""
    return SmtpCarrier(settings) if settings.smtp_url else MailboxCarrier()


class MailboxCarrier:
    """The mail stays in the app, where an admin reads it."""

    kind = Carrier.MAILBOX

    def carry(self, parcel: Parcel) -> Outcome:
        return Carried("kept in the mailbox")


class SmtpCarrier:
    """One SMTP server: `smtp://` turns to TLS if the server offers it, `smtps://` speaks TLS from the start."""

    kind = Carrier.SMTP

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.url = urlsplit(settings.smtp_url)

    def carry(self, parcel: Parcel) -> Outcome:
        try:
            message = message_of(parcel, self.settings)
        except ValueError as error:
            return Impossible(f"it cannot be written as a mail: {error}")
        try:
            with self.connected() as server:
                return hand_over(server, message)
        except smtplib.SMTPResponseException as error:
            return Later(f"SMTP {error.smtp_code} {worded(error.smtp_error)}")
        except (smtplib.SMTPException, OSError) as error:
            return Later(f"SMTP: {error}")

    @contextmanager
    def connected(self) -> Iterator[smtplib.SMTP]:
        """A server that has said hello; whatever goes wrong until then surely sent nothing."""
        host = self.url.hostname or "localhost"
        trust = ssl.create_default_context()
        if self.url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, self.url.port or 465, timeout=TIMEOUT, context=trust)
        else:
            server = smtplib.SMTP(host, self.url.port or 587, timeout=TIMEOUT)
        try:
            server.ehlo()
            if self.url.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=trust)
                server.ehlo()
            if self.url.username:
                server.login(unquote(self.url.username), unquote(self.url.password or ""))
            yield server
        finally:
            server.close()


def hand_over(server: smtplib.SMTP, message: EmailMessage) -> Outcome:
    """Up to the text a failure means that nothing was sent; from then on a silence means that nobody knows."""
    sender, recipient = parseaddr(str(message["From"]))[1], parseaddr(str(message["To"]))[1]
    for code, reply in (server.mail(sender), server.rcpt(recipient)):
        if code >= 400:  # noqa: PLR2004 - SMTP's replies begin to be refusals here
            return refused(code, reply)
    try:
        code, reply = server.data(message.as_bytes(policy=message.policy.clone(linesep="\r\n")))
    except smtplib.SMTPDataError as error:
        return refused(error.smtp_code, error.smtp_error)
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        return Uncertain(f"SMTP: the line went dead while the mail was handed over ({error})")
    return refused(code, reply) if code >= 400 else Carried(f"SMTP {code} {worded(reply)}")  # noqa: PLR2004


def refused(code: int, reply: bytes | str) -> Outcome:
    words = f"SMTP {code} {worded(reply)}"
    return Impossible(words) if code in FOR_GOOD else Later(words)


def worded(reply: bytes | str) -> str:
    return " ".join((reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply).split())


def message_of(parcel: Parcel, settings: Settings) -> EmailMessage:
    """The mail as it travels: always a plain text, and HTML beside it if there is any."""
    message = EmailMessage()
    message["Subject"] = parcel.subject
    message["From"] = settings.mail_from
    message["To"] = Address(parcel.to_name, addr_spec=on_the_wire(parcel.to_address))
    if parcel.reply_to:
        message["Reply-To"] = on_the_wire(parcel.reply_to)
    message["Date"] = format_datetime(parcel.written_at)
    message["Message-ID"] = parcel.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(parcel.text)
    if parcel.html:
        message.add_alternative(parcel.html, subtype="html")
    return message


def on_the_wire(address: str) -> str:
    """The address in the letters that every server knows: `info@müller.de` as `info@xn--mller-kva.de` (IDNA).

    Raises `ValueError` where that cannot be: a name before the `@` has no other spelling.
    """
    spelled = validate_email(address, check_deliverability=False, test_environment=True).ascii_email
    if spelled is None:
        raise ValueError(f"mail servers do not know the letters before the @ in {address}")
    return spelled
