"""Doors of identity: console sign-in and out, widget sessions."""

from fastapi import APIRouter, Request, Response

from app.auth.csrf import csrf_token_for, require_same_origin
from app.auth.dependencies import STAFF_COOKIE, CurrentStaff
from app.auth.schemas import (
    Login,
    SignedIn,
    StaffRead,
    WidgetCustomer,
    WidgetSessionCreate,
    WidgetSessionRead,
)
from app.auth.service import AuthService, WrongCredentials
from app.dependencies import PartsDep, WriteSession

router = APIRouter(tags=["Callers"])


@router.post("/auth/login")
def sign_in(body: Login, request: Request, response: Response, parts: PartsDep) -> SignedIn:
    """Sign in to the console. The answer is the same for an unknown address."""
    require_same_origin(request)
    address = request.client.host if request.client else "unknown"
    attempts = parts.settings.security.login_attempts_per_minute
    parts.limiter.hit("sign-in", f"{address}:{body.email.lower()}", per_minute=attempts)
    with parts.database.write() as session:  # committed also on failure: the audit event stays
        signed_in = AuthService(session, parts.settings).sign_in(body.email, body.password)
    if signed_in is None:
        raise WrongCredentials("The address or the password is wrong.")
    response.set_cookie(
        STAFF_COOKIE,
        signed_in.token,
        secure=True,
        httponly=True,
        samesite="strict",
        path="/",
        max_age=parts.settings.security.staff_session_minutes * 60,
    )
    staff = StaffRead.model_validate(signed_in.staff)
    return SignedIn(staff=staff, csrf_token=csrf_token_for(parts.settings, signed_in.token))


@router.get("/auth/me")
def who_am_i(staff: CurrentStaff, request: Request, parts: PartsDep) -> SignedIn:
    """Who is signed in, with the token that changes need."""
    shown = StaffRead(id=staff.staff_id, name=staff.name, email=staff.email, role=staff.role.value)
    token = csrf_token_for(parts.settings, request.cookies[STAFF_COOKIE])
    return SignedIn(staff=shown, csrf_token=token)


@router.post("/auth/logout", status_code=204)
def sign_out(
    staff: CurrentStaff,
    request: Request,
    response: Response,
    session: WriteSession,
    parts: PartsDep,
) -> None:
    """End the console session."""
    token = request.cookies[STAFF_COOKIE]
    AuthService(session, parts.settings).sign_out(token, actor=staff.actor)
    response.delete_cookie(STAFF_COOKIE, path="/", secure=True, httponly=True, samesite="strict")


@router.post("/widget/sessions", status_code=201)
def begin_widget_session(
    body: WidgetSessionCreate, request: Request, session: WriteSession, parts: PartsDep
) -> WidgetSessionRead:
    """A session for the widget: anonymous, or for the customer that the bank's token names."""
    address = request.client.host if request.client else "unknown"
    per_minute = parts.settings.security.anonymous_sessions_per_minute
    parts.limiter.hit("widget-sessions", address, per_minute=per_minute)
    begun = AuthService(session, parts.settings).begin_widget_session(
        inbox_id=body.inbox_id, identity_token=body.identity_token
    )
    customer = begun.customer
    return WidgetSessionRead(
        token=begun.token,
        expires_at=begun.row.expires_at,
        inbox_id=begun.row.inbox_id,
        level="identified" if customer else "anonymous",
        customer=WidgetCustomer(id=customer.id, name=customer.name) if customer else None,
    )
