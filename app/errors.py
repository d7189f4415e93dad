"""The error tree. Each class carries a stable code and a status; knows nothing about FastAPI.

AppError
├── BadInput                 422  a body or field that cannot be accepted
│   └── InvalidText          422
├── Unauthenticated          401
├── Forbidden                403
│   └── StepUpRequired       403  the action demands a higher assurance level
├── NotFound                 404  absent, or not readable by this caller
├── StateConflict            409  the present state does not allow it
├── TooLarge                 413
├── RateLimited              429
├── Unavailable              503  a part is down or full; carries retry_after
└── Retryable                503  a job may try again later
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field and the limit it broke."""

    field: str
    message: str


class AppError(Exception):
    """Base of all errors that a caller may see."""

    code = "error"
    status = 400
    title = "The request could not be carried out"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        errors: tuple[FieldError, ...] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        self.retry_after = retry_after
        if code is not None:
            self.code = code


class BadInput(AppError):
    code = "bad_input"
    status = 422
    title = "The input cannot be accepted"


class Unauthenticated(AppError):
    code = "unauthenticated"
    status = 401
    title = "Sign in or present a valid token"


class Forbidden(AppError):
    code = "forbidden"
    status = 403
    title = "This caller may not do that"


class StepUpRequired(Forbidden):
    code = "step_up_required"
    title = "The action demands a higher assurance level"


class NotFound(AppError):
    code = "not_found"
    status = 404
    title = "Nothing here, or nothing that this caller may see"


class StateConflict(AppError):
    code = "state_conflict"
    status = 409
    title = "The present state does not allow it"


class TooLarge(AppError):
    code = "too_large"
    status = 413
    title = "The request is too large"


class RateLimited(AppError):
    code = "rate_limited"
    status = 429
    title = "Too many requests"


class Unavailable(AppError):
    code = "unavailable"
    status = 503
    title = "A part of the service is not available"


class Retryable(Unavailable):
    code = "try_again"
