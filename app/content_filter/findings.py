"""Frozen values of the content filter. Knows no rule: only what can be found and what is done."""

from dataclasses import dataclass
from enum import StrEnum


class FindingType(StrEnum):
    """Everything the filter can see in a text."""

    CARD_NUMBER = "card_number"
    CVV = "cvv"
    PIN = "pin"
    ONE_TIME_CODE = "one_time_code"
    NATIONAL_ID_CN = "national_id_cn"
    NATIONAL_ID = "national_id"
    PASSPORT = "passport"
    IBAN = "iban"
    PHONE = "phone"
    EMAIL = "email"
    EXPIRY = "expiry"
    SELF_HARM = "self_harm"
    FRAUD_IN_PROGRESS = "fraud_in_progress"
    THREAT = "threat"
    PROMPT_INJECTION = "prompt_injection"
    ABUSE = "abuse"
    HIDDEN_TEXT = "hidden_text"
    LINK = "link"
    REMOTE_IMAGE = "remote_image"
    CANARY = "canary"


class FilterAction(StrEnum):
    """What is done with a text; a mere flag is `ALLOW` with findings."""

    ALLOW = "allow"
    MASK = "mask"
    ESCALATE = "escalate"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing seen, at offsets of the original text."""

    type: FindingType
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """A finding with its folded value. Stays inside the filter: the value may be secret."""

    type: FindingType
    start: int
    end: int
    value: str = ""

    @property
    def finding(self) -> Finding:
        return Finding(self.type, self.start, self.end)


@dataclass(frozen=True, slots=True)
class FilterResult:
    """The ruling over one text; `text` is safe to store, log, queue and show."""

    action: FilterAction
    findings: tuple[Finding, ...]
    text: str
    name: str | None = None  # the rule that decided; None when nothing did
