"""The console's protection against forged requests: derived token and origin check."""

from urllib.parse import urlsplit

from fastapi import Request

from app.auth.tokens import keyed_hash
from app.config import Settings
from app.errors import Forbidden


def csrf_token_for(settings: Settings, session_token: str) -> str:
    """Derived from the session token: nothing to store, worthless for another session."""
    return keyed_hash(settings.security.secret_key.get_secret_value(), "csrf", session_token)


def require_same_origin(request: Request) -> None:
    """Refuse a browser's request that comes from another site."""
    origin = request.headers.get("Origin")
    if origin is not None and _host_of(origin) != request.headers.get("Host", ""):
        raise Forbidden("The request comes from another site.", code="cross_origin")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden("The request comes from another site.", code="cross_origin")


def _host_of(origin: str) -> str | None:
    """None for what is no address: it is nobody's host."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None
