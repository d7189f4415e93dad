"""Findings -> action. Pure: no text, no pattern. Order: escalate, block, mask, allow.

A person in danger is heard even when the message also attacks the assistant or holds a card
number; the text of every result is masked whichever action wins.
"""

from collections.abc import Collection
from typing import NamedTuple

from app.content_filter.findings import FilterAction, FindingType

# the gravest first: it names the decision
ESCALATED = (FindingType.SELF_HARM, FindingType.THREAT, FindingType.FRAUD_IN_PROGRESS)
# promise 4: these never reach a database, a log, a queue, a prompt or a screen
MASKED = (
    FindingType.CARD_NUMBER,
    FindingType.NATIONAL_ID_CN,
    FindingType.NATIONAL_ID,
    FindingType.PASSPORT,
    FindingType.CVV,
    FindingType.PIN,
    FindingType.ONE_TIME_CODE,
)
# additionally masked where the value is not the reader's own: replies and log lines
MASKED_FOR_OTHERS = (*MASKED, FindingType.IBAN, FindingType.PHONE)
MASKED_IN_LOGS = (*MASKED_FOR_OTHERS, FindingType.EMAIL)
MASKED_IN_REPLIES = (
    FindingType.CANARY,
    FindingType.REMOTE_IMAGE,
    FindingType.LINK,
    *MASKED_FOR_OTHERS,
)


class Verdict(NamedTuple):
    """The action and the rule that decided."""

    action: FilterAction
    name: str | None


def judge(found: Collection[FindingType], *, is_attack: bool) -> Verdict:
    """Rule over a customer's text; `is_attack` is an explicit prompt injection, not a suspicion."""
    for kind in ESCALATED:
        if kind in found:
            return Verdict(FilterAction.ESCALATE, kind.value)
    if is_attack:
        return Verdict(FilterAction.BLOCK, FindingType.PROMPT_INJECTION.value)
    return _mask_or_allow(found, MASKED)


def judge_output(found: Collection[FindingType]) -> Verdict:
    """Rule over a reply: a leaked canary stops it, other people's values and links are masked."""
    if FindingType.CANARY in found:
        return Verdict(FilterAction.BLOCK, FindingType.CANARY.value)
    return _mask_or_allow(found, MASKED_IN_REPLIES)


def _mask_or_allow(found: Collection[FindingType], masked: tuple[FindingType, ...]) -> Verdict:
    for kind in masked:
        if kind in found:
            return Verdict(FilterAction.MASK, kind.value)
    return Verdict(FilterAction.ALLOW, None)
