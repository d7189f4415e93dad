"""The demo bank's own website: signs customers in, and shows their simulated phone.

Stands for systems that a bank has already. Development only: assembly leaves it out elsewhere.
"""

from datetime import timedelta
from typing import Annotated

import jwt
from fastapi import APIRouter, Query

from app.auth.repository import CredentialRepository
from app.auth.tokens import Sealer
from app.banking.client import UnknownCustomer
from app.banking.code_sender import OutboxCodeSender
from app.banking.demo_seed import CUSTOMERS
from app.clock import utc_now
from app.dependencies import PartsDep, ReadSession
from app.errors import NotFound
from app.ids import new_id
from app.schemas import Body, Key, Reading

router = APIRouter(prefix="/demo", tags=["Demo bank"])
TOKEN_MINUTES = 5


class DemoCustomer(Reading):
    id: str
    name: str
    locale: str


class DemoCustomers(Reading):
    items: list[DemoCustomer]


class IdentityRequest(Body):
    customer_id: Key


class IdentityToken(Reading):
    identity_token: str
    inbox_id: str


class PhoneMessage(Reading):
    text: str
    sent_at: str


class PhoneMessages(Reading):
    items: list[PhoneMessage]


@router.get("/customers")
def list_customers() -> DemoCustomers:
    """Who can sign in on the demo page."""
    return DemoCustomers(
        items=[DemoCustomer(id=row[0], name=row[1], locale=row[2]) for row in CUSTOMERS]
    )


@router.post("/identity")
def sign_identity(body: IdentityRequest, parts: PartsDep, session: ReadSession) -> IdentityToken:
    """What a bank's back end does after its own sign-in: sign a short-lived identity token."""
    try:
        customer = parts.bank.get_customer(body.customer_id)
    except UnknownCustomer as unknown:
        raise NotFound("No such demo customer.", code="customer_not_found") from unknown
    inbox = CredentialRepository(session).find_default_inbox()
    if inbox is None:
        raise NotFound("No inbox. Run `switchboard seed`.", code="inbox_not_found")
    now = utc_now()
    claims = {
        "sub": customer.customer_id,
        "name": customer.name,
        "aud": inbox.id,
        "iat": now,
        "exp": now + timedelta(minutes=TOKEN_MINUTES),
        "jti": new_id(),
    }
    secret = Sealer(parts.settings.security.secret_key.get_secret_value()).open(inbox.secret)
    return IdentityToken(
        identity_token=jwt.encode(claims, secret, algorithm="HS256"), inbox_id=inbox.id
    )


@router.get("/phone")
def read_phone(
    parts: PartsDep, customer_id: Annotated[str, Query(min_length=1, max_length=50)]
) -> PhoneMessages:
    """The newest texts on a demo customer's phone."""
    sender = parts.code_sender
    messages = sender.read(customer_id) if isinstance(sender, OutboxCodeSender) else []
    return PhoneMessages(
        items=[PhoneMessage(text=item["text"], sent_at=item["sent_at"]) for item in messages]
    )
