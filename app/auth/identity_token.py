"""The JWT that the bank's own back end signs for a signed-in customer. Works once."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt

from app.clock import utc_now
from app.errors import Unauthenticated

MAX_LIFETIME_SECONDS = 600
LEEWAY_SECONDS = 30
MAX_TOKEN_CHARACTERS = 8_000


@dataclass(frozen=True, slots=True)
class SigningKey:
    """How one inbox signs: a shared secret (HS256) or a public key (ES256, RS256)."""

    audience: str
    secret: str | None = None
    public_key: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """What a valid token says."""

    external_id: str
    token_id: str
    expires_at: datetime
    name: str | None
    email: str | None


class InvalidIdentityToken(Unauthenticated):
    code = "invalid_identity_token"


def read_identity_token(token: str, key: SigningKey) -> Identity:
    """Verify signature, audience and life time; InvalidIdentityToken says which rule failed."""
    if len(token) > MAX_TOKEN_CHARACTERS:
        raise InvalidIdentityToken(f"identity_token: at most {MAX_TOKEN_CHARACTERS} characters")
    claims = _verified_claims(token, key)
    seconds_ahead = int(claims["exp"]) - int(utc_now().timestamp())
    if seconds_ahead > MAX_LIFETIME_SECONDS + LEEWAY_SECONDS:
        raise InvalidIdentityToken("identity_token: exp lies more than 10 minutes ahead")
    expires_at = datetime.fromtimestamp(int(claims["exp"]), tz=UTC)
    return Identity(
        external_id=_text(claims, "sub", limit=200),
        token_id=_text(claims, "jti", limit=200),
        expires_at=expires_at,
        name=_optional_text(claims, "name", limit=200),
        email=_optional_text(claims, "email", limit=320),
    )


def _verified_claims(token: str, key: SigningKey) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(token)
        if "crit" in header:
            raise InvalidIdentityToken("identity_token: critical headers are not supported")
        # the algorithm list follows from the key, never from the token
        asymmetric = str(header.get("alg")) in ("ES256", "RS256")
        if asymmetric and key.public_key is not None:
            material, algorithms = key.public_key, ["ES256", "RS256"]
        elif key.secret is not None:
            material, algorithms = key.secret, ["HS256"]
        else:
            raise InvalidIdentityToken("identity_token: this inbox has no key for the algorithm")
        claims: dict[str, Any] = jwt.decode(
            token,
            material,
            algorithms=algorithms,
            audience=key.audience,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "sub", "aud", "jti"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError, UnicodeError) as bad:
        raise InvalidIdentityToken(f"identity_token: {_reason(bad)}") from bad
    return claims


def _reason(error: Exception) -> str:
    if isinstance(error, jwt.ExpiredSignatureError):
        return "expired"
    if isinstance(error, jwt.InvalidAudienceError):
        return "aud is not this inbox"
    if isinstance(error, jwt.MissingRequiredClaimError):
        return f"claim {error.claim} is missing"
    return "not a token signed by this inbox"


def _text(claims: dict[str, Any], name: str, *, limit: int) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= limit or not value.isprintable():
        raise InvalidIdentityToken(
            f"identity_token: {name} must be 1 to {limit} printable characters"
        )
    return value


def _optional_text(claims: dict[str, Any], name: str, *, limit: int) -> str | None:
    return None if claims.get(name) is None else _text(claims, name, limit=limit)
