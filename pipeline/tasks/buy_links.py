"""Links whose time has come, as the workers end them."""

from pipeline.domain import buy_links, outbox
from pipeline.tasks import task


@task(buy_links.EXPIRE)
def expire_due() -> None:
    """End some tens of them; when there may be more, somebody goes on at once."""
    if len(buy_links.expire_due()) == buy_links.AT_ONCE:
        outbox.put(buy_links.EXPIRE)
