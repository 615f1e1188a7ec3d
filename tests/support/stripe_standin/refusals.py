"""How Stripe says no: a status, a type, mostly a code, and the parameter that it is about."""

from typing import Any


class Refusal(Exception):
    def __init__(
        self, message: str, *, status: int = 400, kind: str = "invalid_request_error", code: str = "", param: str = ""
    ) -> None:
        super().__init__(message)
        self.message, self.status, self.kind, self.code, self.param = message, status, kind, code, param

    def body(self) -> dict[str, Any]:
        error = {"message": self.message, "type": self.kind}
        if self.code:
            error |= {
                "code": self.code,
                "doc_url": f"https://docs.stripe.com/error-codes/{self.code.replace('_', '-')}",
            }
        return {"error": error | ({"param": self.param} if self.param else {})}


def missing(param: str) -> Refusal:
    return Refusal(f"Missing required param: {param}.", code="parameter_missing", param=param)


def unknown(param: str) -> Refusal:
    return Refusal(f"Received unknown parameter: {param}", code="parameter_unknown", param=param)


def invalid(param: str, message: str, code: str = "") -> Refusal:
    return Refusal(message, code=code, param=param)


def no_such(kind: str, ref: str) -> Refusal:
    return Refusal(f"No such {kind}: '{ref}'", status=404, code="resource_missing", param="id")
