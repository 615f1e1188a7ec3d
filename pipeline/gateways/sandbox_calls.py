"""The sandbox's calls to whoever opened its sessions: that there is something to see, not what."""

import json
import urllib.request
from datetime import datetime
from secrets import token_hex

from pipeline.domain import outbox
from pipeline.domain.paying.words import ProviderDown
from pipeline.gateways.sandbox import SandboxGateway
from pipeline.models.outbox import Lane
from pipeline.models.payment import SandboxSession
from pipeline.settings import Settings

TASK = "sandbox.call"
PATIENCE = 10


def promise(session: SandboxSession, *, due_at: datetime | None = None) -> None:
    """Call about a session, at once or when there will be something to see."""
    outbox.put(TASK, due_at=due_at, lane=Lane.OUTSIDE, event=f"evt_{token_hex(12)}", session=session.ref)


def body_of(event: str, session: str) -> bytes:
    return json.dumps({"id": event, "kind": "session.changed", "is_test": True, "session": session}).encode()


def make(event: str, session: str, settings: Settings) -> None:
    """Raises `ProviderDown` when nobody hears: then it calls again later."""
    body = body_of(event, session)
    signature = SandboxGateway(settings).sign(body)
    call = urllib.request.Request(  # noqa: S310 - the settings take nothing but http and https
        f"{settings.public_url}/hooks/sandbox",
        data=body,
        headers={"Content-Type": "application/json", "Sandbox-Signature": signature},
    )
    try:
        with urllib.request.urlopen(call, timeout=PATIENCE):  # noqa: S310 - the same
            return
    except OSError as error:
        raise ProviderDown(f"the sandbox's call to {settings.public_url} was not heard: {error}") from error
