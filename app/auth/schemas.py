"""Bodies of sign-in and widget sessions."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.schemas import Body, Key, Reading, Storable, Timestamp

Password = Annotated[str, StringConstraints(min_length=1, max_length=200), Storable]
Email = Annotated[str, StringConstraints(min_length=3, max_length=320), Storable]


class Login(Body):
    email: Email = Field(examples=["agent@example.com"])
    password: Password = Field(examples=["correct horse battery staple"])


class StaffRead(Reading):
    id: str
    name: str
    email: str
    role: str


class SignedIn(Reading):
    staff: StaffRead
    csrf_token: str = Field(description="Send it as X-CSRF-Token with every change.")


class WidgetSessionCreate(Body):
    inbox_id: Key | None = Field(None, description="Which website; the only inbox by default.")
    identity_token: (
        Annotated[str, StringConstraints(min_length=1, max_length=8_000), Storable] | None
    ) = Field(None, description="JWT signed by the bank; works once.")
    locale: Literal["en", "zh"] | None = None


class WidgetCustomer(Reading):
    id: str
    name: str | None


class WidgetSessionRead(Reading):
    token: str
    expires_at: Timestamp
    inbox_id: str
    level: Literal["anonymous", "identified"]
    customer: WidgetCustomer | None
