"""Who calls: the only way for an endpoint to learn it. No valid secret means 401, never a guess."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.requests import HTTPConnection
from fastapi.security import APIKeyCookie, HTTPBearer
from sqlalchemy.orm import Session

from app.auth.caller import Caller, Customer, Integration, Role, Scope, Staff
from app.auth.csrf import csrf_token_for, require_same_origin
from app.auth.repository import CredentialRepository
from app.auth.tokens import (
    KEY_PREFIX,
    STAFF_PREFIX,
    WIDGET_PREFIX,
    hash_token,
    same,
    split_api_key,
)
from app.clock import utc_now
from app.dependencies import PartsDep
from app.errors import Forbidden, Unauthenticated
from app.parts import Parts

STAFF_COOKIE = "__Host-switchboard"
CSRF_HEADER = "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
TOUCH_AFTER = timedelta(minutes=1)
MAX_SECRET_CHARACTERS = 512

_bearer = HTTPBearer(auto_error=False, description="Widget session token or API key")
_cookie = APIKeyCookie(name=STAFF_COOKIE, auto_error=False, description="Console session")


class SessionExpired(Unauthenticated):
    code = "invalid_token"


def current_caller(
    request: Request,
    parts: PartsDep,
    _bearer_scheme: Annotated[object, Security(_bearer)] = None,
    _cookie_scheme: Annotated[object, Security(_cookie)] = None,
) -> Caller:
    """The caller of a request; changing requests of the console must carry the CSRF token."""
    token = bearer_token(request)
    if token is not None:
        return caller_of_token(parts, token)
    cookie = request.cookies.get(STAFF_COOKIE)
    if cookie is None:
        raise Unauthenticated("Present a bearer token, or sign in to the console.")
    staff = staff_of_cookie(parts, cookie)
    if request.method not in SAFE_METHODS:
        require_same_origin(request)
        expected = csrf_token_for(parts.settings, cookie)
        if not same(request.headers.get(CSRF_HEADER, ""), expected):
            raise Forbidden(f"Header {CSRF_HEADER} is missing or wrong.", code="csrf_failed")
    return staff


CurrentCaller = Annotated[Caller, Depends(current_caller)]


async def _current_staff(caller: CurrentCaller) -> Staff:
    if not isinstance(caller, Staff):
        raise Forbidden("Only staff signed in to the console may do that.")
    return caller


async def _current_customer(caller: CurrentCaller) -> Customer:
    if not isinstance(caller, Customer):
        raise Forbidden("Only a widget session may do that.")
    return caller


CurrentStaff = Annotated[Staff, Depends(_current_staff)]
CurrentCustomer = Annotated[Customer, Depends(_current_customer)]


def require(scope: Scope) -> Callable[[Caller], Awaitable[Caller]]:
    """A dependency that lets pass staff and integrations with this scope."""

    async def check(caller: CurrentCaller) -> Caller:
        if isinstance(caller, Customer) or not has_scope(caller, scope):
            raise Forbidden(f"This caller lacks the scope {scope.value}.")
        return caller

    return check


def has_scope(caller: Staff | Integration, scope: Scope) -> bool:
    return scope in caller.scopes or Scope.ADMIN in caller.scopes


def bearer_token(connection: HTTPConnection) -> str | None:
    """The token of `Authorization: Bearer …`; None when the header is absent."""
    header = connection.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not 0 < len(token.strip()) <= MAX_SECRET_CHARACTERS:
        raise SessionExpired("The Authorization header is not a bearer token of this service.")
    return token.strip()


def caller_of_token(parts: Parts, token: str) -> Caller:
    """Whom a bearer token belongs to; SessionExpired when it is unknown, expired or revoked."""
    with parts.database.read() as session:
        if token.startswith(WIDGET_PREFIX):
            caller: Caller | None = _widget_caller(session, token)
        elif token.startswith(KEY_PREFIX) and not token.startswith(STAFF_PREFIX):
            caller = _key_caller(session, token)
        else:
            caller = None
    if caller is None:
        raise SessionExpired("The token is unknown, expired or revoked.")
    return caller


def staff_of_cookie(parts: Parts, cookie: str) -> Staff:
    """Whom a console session belongs to; remembers, once a minute, that it is in use."""
    now = utc_now()
    idle_since = now - timedelta(minutes=parts.settings.security.staff_idle_minutes)
    with parts.database.read() as session:
        found = CredentialRepository(session).find_staff_session(
            hash_token(cookie), now=now, idle_since=idle_since
        )
    if found is None:
        raise SessionExpired("The console session has ended. Sign in again.")
    session_row, staff = found
    if now - session_row.last_seen_at > TOUCH_AFTER:
        with parts.database.write() as session:
            CredentialRepository(session).touch_staff_session(session_row.id, now=now)
    return Staff(staff.id, staff.name, staff.email, Role(staff.role))


def _widget_caller(session: Session, token: str) -> Customer | None:
    found = CredentialRepository(session).find_widget_session(hash_token(token), now=utc_now())
    if found is None:
        return None
    row, customer = found
    return Customer(
        session_id=row.id,
        inbox_id=row.inbox_id,
        customer_id=customer.id if customer else None,
        external_id=customer.external_id if customer else None,
        name=customer.name if customer else None,
    )


def _key_caller(session: Session, token: str) -> Integration | None:
    halves = split_api_key(token)
    if halves is None:
        return None
    prefix, secret = halves
    row = CredentialRepository(session).find_api_key(prefix, now=utc_now())
    # an unknown prefix is compared too, so that time does not tell which half was wrong
    if not same(hash_token(secret), row.secret_hash if row else hash_token("")) or row is None:
        return None
    return Integration(row.id, row.name, frozenset(Scope(scope) for scope in row.scopes))
