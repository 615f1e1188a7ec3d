"""What can go wrong between us and Stripe, planned for the next request or two."""

import time
from dataclasses import dataclass


@dataclass
class Fault:
    """`before` or after the work is done: `slow` seconds, then no answer at all, or one with this status.

    `is_remembered`: repeated under the same idempotency key it is the same answer again, as with Stripe's own 500s;
    one that a machine on the way gave is not.
    """

    status: int | None = None
    drops: bool = False
    slow: float = 0.0
    after_work: bool = True
    is_remembered: bool = False
    code: str = ""
    message: str = "An unknown error occurred"
    on: str = ""

    def meets(self, request: str) -> bool:
        return self.on in request

    def wait(self) -> None:
        time.sleep(self.slow)

    def body(self) -> dict[str, object]:
        kind = "api_error" if (self.status or 0) >= 500 else "invalid_request_error"
        error = {"message": self.message, "type": kind}
        return {"error": error | ({"code": self.code} if self.code else {})}


class Plan:
    """The faults that are still to come, in order."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def next(self, request: str) -> Fault | None:
        for fault in self.faults:
            if fault.meets(request):
                self.faults.remove(fault)
                return fault
        return None
