"""When a subscription is charged: by the calendar, on the day of its first payment."""

from datetime import datetime, timedelta


def months_after(moment: datetime, months: int) -> datetime:
    """So many months later, on the same day of the month or on the month's last."""
    years, month = divmod(moment.month - 1 + months, 12)
    first = moment.replace(year=moment.year + years, month=month + 1, day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return first.replace(day=min(moment.day, (following - timedelta(days=1)).day))
