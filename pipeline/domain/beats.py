"""Signs of life of the processes that keep promises, in the machine's own time."""

import os
import socket
from datetime import timedelta

from sqlalchemy import delete, func, select

from pipeline import clock
from pipeline.extensions import db
from pipeline.models.outbox import Heartbeat

RELAY = "relay"
WORKER = "worker"
FORGOTTEN_AFTER = timedelta(days=1)


def process_name(role: str) -> str:
    return f"{role}@{socket.gethostname()}:{os.getpid()}"[:80]


def beat(role: str) -> None:
    """This process is alive."""
    db.session.merge(Heartbeat(process=process_name(role), role=role, beat_at=clock.real()))


def stop(role: str) -> None:
    """This process ends as it should; nobody need wonder where it went."""
    db.session.execute(delete(Heartbeat).where(Heartbeat.process == process_name(role)))


def silent_for(role: str) -> timedelta | None:
    """How long no process of that role has given a sign of life; None when none ever did."""
    last = db.session.scalar(select(func.max(Heartbeat.beat_at)).where(Heartbeat.role == role))
    return max(clock.real() - last, timedelta()) if last else None


def forget_the_gone() -> None:
    db.session.execute(delete(Heartbeat).where(Heartbeat.beat_at < clock.real() - FORGOTTEN_AFTER))
