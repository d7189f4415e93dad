"""Why a decision fell as it did: its checks in order, and one sentence for a person. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from routing.policy import CONTEXT, MANY_REQUESTS, MUST_NOT_MISS
from routing.taxonomy import Taxonomy
from routing.types import Check, Outcome, Route, RoutingDecision

COME_FIRST = ("filter", "rule")
_TEXTS = {
    "en": {
        "answered": "Read as “{first}” with {confidence} confidence; {where}.",
        "ahead": "Read as “{first}” with {confidence} confidence, {margin} points ahead of"
        " “{second}”; {where}.",
        "unsure": "“{first}” fits best, but with {confidence} confidence where {accept} is needed;"
        " the customer is asked what they mean.",
        "close": "“{first}” ({confidence}) and “{second}” ({runner_up}) are too close to choose;"
        " the customer is asked which one they mean.",
        "strange": "Too unlike everything that the model was taught (out-of-scope score {score},"
        " limit {limit}); the customer is asked for other words.",
        "lost": "No intent fits: the best one, “{first}”, has only {confidence}, and {reject} is"
        " the least; the customer is asked for other words.",
        "urgent": "With {urgent} together, the intents that must not be missed are likely enough"
        " ({urgent_limit} is the limit): “{first}” first; {where}.",
        "nothing": "No intent fits; the customer is asked for other words.",
        "rule": "The words “{words}” fired the rule “{name}”, which no model may overrule;"
        " {where}.",
        "rule_unheard": "The rule “{name}”, which no model may overrule, fired; {where}.",
        "filter": "The content filter found “{name}”; {where}.",
        "filter_blocked": "The content filter found “{name}” and blocked the message.",
        "question": "The message answers the assistant's question: “{first}”; {where}.",
        "context": "Few words that go on with the request before, “{first}”; {where}.",
        "many_requests": "The message holds {requests} requests; the customer is asked which one"
        " comes first.",
        "other": "Read as “{first}” ({name}); {where}.",
    },
    "zh": {
        "answered": "理解为“{first}”，把握 {confidence}；{where}。",
        "ahead": "理解为“{first}”，把握 {confidence}，比“{second}”高 {margin} 个百分点；{where}。",
        "unsure": "最接近“{first}”，但把握只有 {confidence}，而需要 {accept}；因此请客户说明意思。",
        "close": "“{first}”（{confidence}）与“{second}”（{runner_up}）太接近，无法取舍；"
        "因此询问客户指的是哪一个。",
        "strange": "与模型学过的内容都相差太远（超范围分数 {score}，上限 {limit}）；"
        "因此请客户换一种说法。",
        "lost": "没有合适的意图：最接近的“{first}”把握只有 {confidence}，低于下限 {reject}；"
        "因此请客户换一种说法。",
        "urgent": "绝不能漏掉的意图合计把握 {urgent}（界限 {urgent_limit}），首先是“{first}”；"
        "{where}。",
        "nothing": "没有合适的意图；因此请客户换一种说法。",
        "rule": "“{words}”触发了规则“{name}”，任何模型都不能推翻；{where}。",
        "rule_unheard": "触发了规则“{name}”，任何模型都不能推翻；{where}。",
        "filter": "内容过滤器发现“{name}”；{where}。",
        "filter_blocked": "内容过滤器发现“{name}”，已拦截该消息。",
        "question": "这条消息回答了助手的提问：“{first}”；{where}。",
        "context": "简短的话，接着之前的“{first}”；{where}。",
        "many_requests": "这条消息包含 {requests} 个请求；因此询问客户先处理哪一个。",
        "other": "理解为“{first}”（{name}）；{where}。",
    },
}
_WHERE = {
    "en": {
        "account": "it goes to the account service",
        "knowledge": "it is answered from the knowledge base",
        "general": "it is answered in general words",
        "human": "a person takes over",
        "clarify": "the customer is asked what they mean",
        "blocked": "it gets a fixed answer",
    },
    "zh": {
        "account": "交给账户服务",
        "knowledge": "由知识库回答",
        "general": "作一般性回答",
        "human": "转给人工",
        "clarify": "询问客户的意思",
        "blocked": "给出固定答复",
    },
}
_NO_INTENT = {"en": "no intent", "zh": "无意图"}
# reasons of step 3: our own question
ANSWERS = ("clarified", "slot", "confirmed", "declined", "cancelled", "resumed")


def settled_by_filter(name: str | None) -> tuple[Check, ...]:
    """The filter's word came first and was the last one, too."""
    return (Check("filter", decided=True, detail=name),)


def passed_filter(decision: RoutingDecision) -> RoutingDecision:
    """The filter had no objection: that check was made before the others."""
    return noted(decision, lambda made: (Check("filter", decided=False), *made))


def noted(
    decision: RoutingDecision, change: Callable[[tuple[Check, ...]], tuple[Check, ...]]
) -> RoutingDecision:
    """The decision with its checks changed, and those of its parts alike."""
    parts = tuple(replace(part, decision=noted(part.decision, change)) for part in decision.parts)
    return replace(decision, checks=change(decision.checks), parts=parts)


def after_question(
    checks: Sequence[Check], *, decided: bool, detail: str | None = None
) -> tuple[Check, ...]:
    """The checks with the one whether the message answers what the assistant had asked."""
    return _after_the_first(checks, Check("question", decided, detail=detail))


def after_context(checks: Sequence[Check], *, decided: bool, detail: str) -> tuple[Check, ...]:
    """The checks with the one whether the message leans on what was said before.

    It decides where the earlier intent is taken over as it is; else the policy judged the words.
    """
    return _after_the_first(checks, Check("context", decided, detail=detail))


def after_counting(checks: Sequence[Check], requests: int, *, limit: int) -> tuple[Check, ...]:
    """The checks of a message that holds more requests than one reply answers."""
    return _after_the_first(checks, Check("requests", requests > limit, requests, ">", limit))


def _after_the_first(checks: Sequence[Check], check: Check) -> tuple[Check, ...]:
    """After filter and rules; nothing comes after a check that decided."""
    early = tuple(made for made in checks if made.name in COME_FIRST)
    if any(made.decided for made in early):
        return tuple(checks)
    late = () if check.decided else tuple(checks[len(early) :])
    return (*early, check, *late)


def summarise(decision: RoutingDecision, taxonomy: Taxonomy) -> str:
    """One sentence in the language of the text."""
    language = decision.language if decision.language in _TEXTS else "en"
    texts, facts = _TEXTS[language], _facts(decision, taxonomy, language)
    return texts[_sentence(decision)].format(**facts)


def _sentence(decision: RoutingDecision) -> str:
    kind = decision.reason.partition(":")[0]
    if kind == "rule":
        return "rule" if decision.rule and decision.rule.words else "rule_unheard"
    if kind == "filter":
        return "filter_blocked" if decision.outcome is Outcome.BLOCKED else "filter"
    if kind in ANSWERS:
        return "question"
    if kind == MUST_NOT_MISS:
        return "urgent"
    if kind in (CONTEXT, MANY_REQUESTS):
        return kind
    if kind == "classifier":
        return "ahead" if len(decision.candidates) > 1 else "answered"
    return _doubt(decision) if kind in ("ambiguous", "out_of_scope") else "other"


def _doubt(decision: RoutingDecision) -> str:
    """Which check sent the customer a question."""
    last = decision.checks[-1].name if decision.checks else ""
    named = {"reject": "lost", "out_of_scope": "strange", "accept": "unsure", "margin": "close"}
    if not decision.candidates:
        return "nothing"
    return named.get(last, "unsure" if decision.reason == "ambiguous" else "nothing")


def _facts(decision: RoutingDecision, taxonomy: Taxonomy, language: str) -> dict[str, str]:
    ranked = decision.candidates
    return {
        "first": _label(taxonomy, decision.intent, language),
        "second": _label(taxonomy, ranked[1].intent if len(ranked) > 1 else None, language),
        "confidence": _percent(decision.confidence),
        "runner_up": _percent(ranked[1].confidence if len(ranked) > 1 else 0.0),
        "margin": f"{round(decision.margin * 100, 1):g}",
        "accept": _percent(decision.thresholds.accept),
        "reject": _percent(decision.thresholds.reject),
        "urgent": _percent(_checked(decision, MUST_NOT_MISS)),
        "urgent_limit": _percent(decision.thresholds.must_not_miss),
        "score": f"{decision.out_of_scope_score:.2f}",
        "limit": f"{decision.thresholds.out_of_scope:.2f}",
        "requests": f"{_checked(decision, 'requests'):g}",
        "words": decision.rule.words if decision.rule else "",
        "name": _name(decision, taxonomy, language),
        "where": _WHERE[language][_where(decision)],
    }


def _checked(decision: RoutingDecision, name: str) -> float:
    """What a check compared; 0 where it was not made."""
    return next((c.value for c in decision.checks if c.name == name and c.value), 0.0)


def _where(decision: RoutingDecision) -> str:
    if decision.outcome is Outcome.HANDOFF:
        return Route.HUMAN
    is_answer = decision.outcome is Outcome.ANSWER
    return decision.route.value if is_answer else decision.outcome.value


def _name(decision: RoutingDecision, taxonomy: Taxonomy, language: str) -> str:
    """What decided: a rule by the intent that it settles, a finding by its name."""
    kind, _, name = decision.reason.partition(":")
    return _label(taxonomy, name or kind, language)


def _label(taxonomy: Taxonomy, name: str | None, language: str) -> str:
    if name is None:
        return _NO_INTENT[language]
    known = taxonomy.find(name)
    return known.label[language] if known else name.replace("_", " ")


def _percent(share: float) -> str:
    return f"{round(share * 100, 1):g} %"
