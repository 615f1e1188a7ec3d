"""The queues, one a lane. They hold nothing but numbers of promises, and may be lost with all that is in them."""

from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from pipeline.models.outbox import Lane
from pipeline.settings import Settings

TIMEOUT = 150


def address(settings: Settings) -> str:
    if not settings.redis_url:
        raise ValueError("REDIS_URL is not set, and no embedded queue was started")
    return settings.redis_url


def connect(url: str) -> Redis:
    return Redis.from_url(url, socket_connect_timeout=5, socket_timeout=30, health_check_interval=30)


def queue(lane: Lane, connection: Redis) -> Queue:
    return Queue(lane.value, connection=connection, serializer=JSONSerializer)
