"""Who makes this request: frozen values. Knows no database and no HTTP."""

from dataclasses import dataclass, field
from enum import StrEnum

from app.audit_trail import Actor


class Scope(StrEnum):
    """What an API key may do."""

    ROUTE_READ = "route:read"
    CONVERSATIONS_READ = "conversations:read"
    CONVERSATIONS_WRITE = "conversations:write"
    KNOWLEDGE_READ = "knowledge:read"
    KNOWLEDGE_WRITE = "knowledge:write"
    ANALYTICS_READ = "analytics:read"
    EXPERIMENTS_WRITE = "experiments:write"
    AUDIT_READ = "audit:read"
    WEBHOOKS_WRITE = "webhooks:write"
    LABELS_REVIEW = "labels:review"
    ADMIN = "admin"


class Role(StrEnum):
    """What a member of staff is."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    AUDITOR = "auditor"
    EDITOR = "editor"


_READ = frozenset({Scope.ROUTE_READ, Scope.CONVERSATIONS_READ, Scope.KNOWLEDGE_READ})
_DESK = _READ | {Scope.CONVERSATIONS_WRITE}
ROLE_SCOPES: dict[Role, frozenset[Scope]] = {
    Role.AGENT: _DESK,
    Role.SUPERVISOR: _DESK | {Scope.ANALYTICS_READ, Scope.EXPERIMENTS_WRITE, Scope.LABELS_REVIEW},
    Role.EDITOR: frozenset(
        {
            Scope.ROUTE_READ,  # the taxonomy, to name intents by
            Scope.KNOWLEDGE_READ,
            Scope.KNOWLEDGE_WRITE,
            Scope.ANALYTICS_READ,
            Scope.LABELS_REVIEW,
        }
    ),
    Role.AUDITOR: frozenset({Scope.AUDIT_READ, Scope.ANALYTICS_READ}),
    Role.ADMIN: frozenset(Scope),
}


@dataclass(frozen=True, slots=True)
class Customer:
    """A visitor or an identified customer, in one widget session."""

    session_id: str
    inbox_id: str
    customer_id: str | None = None
    external_id: str | None = None
    name: str | None = None

    @property
    def actor(self) -> Actor:
        return Actor(
            "customer" if self.customer_id else "visitor", self.customer_id or self.session_id
        )


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff, signed in to the console."""

    staff_id: str
    name: str
    email: str
    role: Role

    @property
    def scopes(self) -> frozenset[Scope]:
        return ROLE_SCOPES[self.role]

    @property
    def actor(self) -> Actor:
        return Actor("staff", self.staff_id)


@dataclass(frozen=True, slots=True)
class Integration:
    """A system of the bank, by API key."""

    key_id: str
    name: str
    scopes: frozenset[Scope] = field(default_factory=frozenset)

    @property
    def actor(self) -> Actor:
        return Actor("key", self.key_id)


Caller = Customer | Staff | Integration
