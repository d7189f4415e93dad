"""Inspect what customers write and what the assistant says. Knows no database and no network."""

import re
from collections.abc import Collection, Iterable

from app.content_filter import injection, links, policy, safety
from app.content_filter.findings import FilterResult, Finding, FindingType, Match
from app.content_filter.masking import mask, plain
from app.content_filter.normalise import Folded, fold, hidden_spans
from app.content_filter.recognizers import find_personal_data

_CAN_HOLD_DATA = re.compile(
    r"[^\x00-\x7f]|@|[0-9][^0-9]*[0-9][^0-9]*[0-9]"
    r"|(?i:(?:zero|nought|oh|one|two|three|four|five|six|seven|eight|nine)[ ,.\-]{1,3}){2}"
)


def inspect(text: str) -> FilterResult:
    """Find, judge and mask one customer message; `result.text` is what may be stored."""
    folded = fold(text)
    personal = find_personal_data(folded)
    attack_score, attack = _find_attack(folded)
    others = [*_find_dangers(folded), *_find_hidden(text), *_find_abuse(folded), *attack]
    verdict = policy.judge(
        {match.type for match in [*personal, *others]},
        is_attack=attack_score >= injection.BLOCK_SCORE,
    )
    return FilterResult(
        action=verdict.action,
        findings=_in_order([*personal, *others]),
        text=mask(text, personal, kinds=policy.MASKED),
        name=verdict.name,
    )


def inspect_output(
    reply: str,
    *,
    own_values: Collection[str] = (),
    allowed_hosts: Collection[str] = (),
    canaries: Collection[str] = (),
    after: str = "",
) -> FilterResult:
    """Mask what a reply may not say: values that are not the customer's own, foreign links.

    `after` is what was said just before: it gives meaning to numbers, and is not repeated.
    """
    whole = after + reply
    own = {plain(value) for value in own_values}
    spans = _spans_of(own_values, whole)
    personal = [
        one
        for one in find_personal_data(fold(whole))
        if plain(one.value) not in own and not _lies_within(one, spans)
    ]
    linked = links.find(whole, allowed_hosts=allowed_hosts, canaries=canaries)
    matches = _shifted(_without_overlaps([*linked, *personal]), by=len(after))
    verdict = policy.judge_output({match.type for match in matches})
    text = mask(reply, matches, kinds=policy.MASKED_IN_REPLIES)
    return FilterResult(verdict.action, _in_order(matches), text, verdict.name)


def _spans_of(values: Collection[str], text: str) -> list[tuple[int, int]]:
    """Where the own values stand: a part of the hotline is no one-time code."""
    return [
        found.span() for value in values if value for found in re.finditer(re.escape(value), text)
    ]


def _lies_within(match: Match, spans: list[tuple[int, int]]) -> bool:
    return any(start <= match.start and match.end <= end for start, end in spans)


def mask_for_log(value: str) -> str:
    """The value without personal data; nearly free for the short plain words most lines hold."""
    if not _CAN_HOLD_DATA.search(value):
        return value
    return mask(value, find_personal_data(fold(value)), kinds=policy.MASKED_IN_LOGS)


def _find_dangers(folded: Folded) -> list[Match]:
    return [match for view in folded.prose for match in safety.find(view)]


def _find_abuse(folded: Folded) -> list[Match]:
    found = injection.find_abuse(folded.prose[0])
    return [] if found is None else [found]


def _find_attack(folded: Folded) -> tuple[float, list[Match]]:
    """The highest score over all readings, and a finding when it is worth recording."""
    score, span = max(injection.score(view) for view in folded.prose)
    if score < injection.FLAG_SCORE or span is None:
        return score, []
    return score, [Match(FindingType.PROMPT_INJECTION, *span)]


def _find_hidden(text: str) -> list[Match]:
    return [Match(FindingType.HIDDEN_TEXT, *span) for span in hidden_spans(text)]


def _shifted(matches: Iterable[Match], *, by: int) -> list[Match]:
    """Offsets within the reply alone; what lies wholly before it is dropped."""
    return [
        Match(match.type, max(0, match.start - by), match.end - by, match.value)
        for match in matches
        if match.end > by
    ]


def _without_overlaps(matches: Iterable[Match]) -> list[Match]:
    """Join what overlaps under the name of the first; links are given before their digits."""
    joined: list[Match] = []
    for match in sorted(matches, key=lambda one: (one.start, -one.end)):
        if joined and match.start < joined[-1].end:
            last = joined[-1]
            joined[-1] = Match(last.type, last.start, max(last.end, match.end), last.value)
        else:
            joined.append(match)
    return joined


def _in_order(matches: Iterable[Match]) -> tuple[Finding, ...]:
    return tuple(match.finding for match in sorted(matches, key=lambda one: (one.start, one.end)))
