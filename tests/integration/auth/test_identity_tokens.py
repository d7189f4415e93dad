"""The bank's signed token: what is accepted, and every way to forge or abuse one."""

import base64
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from app.auth.tokens import Sealer
from app.db.credential import InboxRecord, WidgetSessionRecord
from app.ids import new_id
from tests.fixtures.callers import Api, identity_token
from tests.fixtures.expectations import count_rows, expect_problem
from tests.fixtures.service import Service

OTHER_SECRET = "another inbox's secret, which is long enough"
Forge = Callable[[Service], str]


def claims_for(service: Service, **changes: Any) -> dict[str, Any]:
    claims: dict[str, Any] = {
        "sub": "cust-1001",
        "aud": service.credentials["widget_inbox"]["id"],
        "exp": int(time.time()) + 300,
        "jti": new_id(),
    } | changes
    return {name: value for name, value in claims.items() if value is not None}


def signed(
    service: Service,
    *,
    key: str | None = None,
    algorithm: str = "HS256",
    headers: dict[str, Any] | None = None,
    **changes: Any,
) -> str:
    secret = key or service.credentials["widget_inbox"]["secret"]
    return jwt.encode(claims_for(service, **changes), secret, algorithm=algorithm, headers=headers)


def segment(value: object) -> str:
    encoded = base64.urlsafe_b64encode(json.dumps(value).encode())
    return encoded.rstrip(b"=").decode()


def raw_claims(service: Service, text: str) -> str:
    """A correctly signed token over claims that no library would write."""
    secret = service.credentials["widget_inbox"]["secret"]
    return jwt.api_jws.encode(text.encode(), secret, algorithm="HS256")


def unsigned(service: Service, algorithm: str) -> str:
    header = segment({"alg": algorithm, "typ": "JWT"})
    return f"{header}.{segment(claims_for(service))}."


def deep() -> str:
    return base64.urlsafe_b64encode(b"[" * 4_500).decode()


def rsa_pem() -> tuple[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def tampered(service: Service) -> str:
    head, _, signature = signed(service).split(".")
    return ".".join((head, segment(claims_for(service, sub="cust-1002")), signature))


FORGED: dict[str, Forge] = {
    "alg-none": lambda service: unsigned(service, "none"),
    "alg-None": lambda service: unsigned(service, "None"),
    "signature-removed": lambda service: unsigned(service, "HS256"),
    "alg-missing": lambda s: f"{segment({'typ': 'JWT'})}.{segment(claims_for(s))}.",
    "alg-is-a-list": lambda s: f"{segment({'alg': ['HS256']})}.{segment(claims_for(s))}.AA",
    "rs256-key-of-their-own": lambda s: signed(s, key=rsa_pem()[0], algorithm="RS256"),
    "hs512": lambda s: signed(s, algorithm="HS512", key="k" * 64),
    "wrong-secret": lambda s: signed(s, key=OTHER_SECRET),
    "claims-changed-after-signing": tampered,
    "wrong-audience": lambda s: signed(s, aud="another-inbox"),
    "no-audience": lambda s: signed(s, aud=None),
    "expired": lambda s: signed(s, exp=int(time.time()) - 60),
    "no-expiry": lambda s: signed(s, exp=None),
    "expiry-an-hour-ahead": lambda s: signed(s, exp=int(time.time()) + 3600),
    "expiry-beyond-all-calendars": lambda s: signed(s, exp=10**18),
    "expiry-beyond-all-numbers": lambda s: signed(s, exp=10**400),
    "expiry-infinite": lambda s: raw_claims(s, json.dumps(claims_for(s, exp=float("inf")))),
    "expiry-is-text": lambda s: signed(s, exp="soon"),
    "not-valid-yet": lambda s: signed(s, nbf=int(time.time()) + 200),
    "no-subject": lambda s: signed(s, sub=None),
    "empty-subject": lambda s: signed(s, sub=""),
    "subject-is-a-number": lambda s: raw_claims(s, json.dumps(claims_for(s, sub=1001))),
    "subject-with-control-characters": lambda s: signed(s, sub="cust-1001\n"),
    "subject-with-nul": lambda s: signed(s, sub="cust\x00-1001"),
    "subject-too-long": lambda s: signed(s, sub="x" * 201),
    "name-with-lone-surrogate": lambda s: raw_claims(s, json.dumps(claims_for(s, name="\ud800"))),
    "no-jti": lambda s: signed(s, jti=None),
    "jti-is-a-number": lambda s: raw_claims(s, json.dumps(claims_for(s, jti=7))),
    "critical-header": lambda s: signed(s, headers={"crit": ["exp"]}),
    "claims-are-a-list": lambda s: raw_claims(s, "[]"),
    "claims-nested-too-deep": lambda s: raw_claims(s, "[" * 3_000),
    "header-nested-too-deep": lambda s: f"{deep()}.e30.AA",
    "not-a-token": lambda s: "garbage",
    "two-dots": lambda s: "..",
    "not-ascii": lambda s: "余额.余额.余额",
}


@pytest.mark.parametrize("name", FORGED)
def test_forged_token_is_refused(anonymous: Api, service: Service, name: str) -> None:
    before = count_rows(service, WidgetSessionRecord)
    body = {"identity_token": FORGED[name](service)}
    answer = anonymous.post("/v1/widget/sessions", body)
    expect_problem(answer, 401, code="invalid_identity_token")
    assert count_rows(service, WidgetSessionRecord) == before


def test_huge_token_is_refused_with_its_limit(anonymous: Api) -> None:
    answer = anonymous.post("/v1/widget/sessions", {"identity_token": "x" * 8_001})
    problem = expect_problem(answer, 422, field="identity_token")
    assert "8000" in problem["detail"]


def test_valid_token_names_the_customer(anonymous: Api, service: Service) -> None:
    token = identity_token(service, "cust-1001", name="Emma Byrne")
    begun = anonymous.post("/v1/widget/sessions", {"identity_token": token}).json()
    assert begun["level"] == "identified"
    assert begun["customer"]["name"] == "Emma Byrne"


def test_token_works_once(anonymous: Api, service: Service) -> None:
    body = {"identity_token": identity_token(service, "cust-1001")}
    assert anonymous.post("/v1/widget/sessions", body).status_code == 201
    expect_problem(anonymous.post("/v1/widget/sessions", body), 401, code="invalid_identity_token")


def test_token_works_once_among_parallel_requests(
    anonymous: Api, each_shared_service: Service
) -> None:
    api = Api(each_shared_service)
    body = {"identity_token": identity_token(each_shared_service, "cust-1001")}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: api.post("/v1/widget/sessions", body), range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [401] * 7


def test_unknown_inbox_is_not_found(anonymous: Api) -> None:
    answer = anonymous.post("/v1/widget/sessions", {"inbox_id": new_id()})
    expect_problem(answer, 404, code="inbox_not_found")


def add_inbox(service: Service, **columns: Any) -> str:
    sealer = Sealer(service.settings.security.secret_key.get_secret_value())
    with service.parts.database.write() as session:
        row = InboxRecord(name="Another website", secret=sealer.seal(OTHER_SECRET), **columns)
        session.add(row)
        session.flush()
        return row.id


def test_token_of_another_inbox_is_refused(anonymous: Api, service: Service) -> None:
    inbox = add_inbox(service)
    foreign = signed(service, key=OTHER_SECRET, aud=inbox)
    answer = anonymous.post("/v1/widget/sessions", {"identity_token": foreign})
    expect_problem(answer, 401, code="invalid_identity_token")
    own = anonymous.post("/v1/widget/sessions", {"inbox_id": inbox, "identity_token": foreign})
    assert own.status_code == 201


def test_inbox_that_demands_identity_refuses_visitors(anonymous: Api, service: Service) -> None:
    inbox = add_inbox(service, identity_required=True)
    answer = anonymous.post("/v1/widget/sessions", {"inbox_id": inbox})
    expect_problem(answer, 401, code="invalid_identity_token")


def test_public_key_accepts_its_signature_and_is_no_hmac_secret(
    anonymous: Api, service: Service
) -> None:
    private, public = rsa_pem()
    inbox = add_inbox(service, public_key=public)
    good = signed(service, key=private, algorithm="RS256", aud=inbox)
    body = {"inbox_id": inbox, "identity_token": good}
    assert anonymous.post("/v1/widget/sessions", body).status_code == 201
    confused = hmac_signed_with(public, claims_for(service, aud=inbox))
    answer = anonymous.post("/v1/widget/sessions", {"inbox_id": inbox, "identity_token": confused})
    expect_problem(answer, 401, code="invalid_identity_token")


def test_es256_is_accepted_by_its_public_key(anonymous: Api, service: Service) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    inbox = add_inbox(service, public_key=public.decode())
    good = signed(service, key=private, algorithm="ES256", aud=inbox)
    body = {"inbox_id": inbox, "identity_token": good}
    assert anonymous.post("/v1/widget/sessions", body).status_code == 201
    wrong = signed(service, key=rsa_pem()[0], algorithm="RS256", aud=inbox)
    answer = anonymous.post("/v1/widget/sessions", {"inbox_id": inbox, "identity_token": wrong})
    expect_problem(answer, 401, code="invalid_identity_token")


def hmac_signed_with(public_pem: str, claims: dict[str, Any]) -> str:
    """What an attacker computes: HS256 with the public key's text, past the library's guard."""
    head, body = segment({"alg": "HS256", "typ": "JWT"}), segment(claims)
    hmac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    mac = hmac.sign(f"{head}.{body}".encode(), public_pem.encode())
    return f"{head}.{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
