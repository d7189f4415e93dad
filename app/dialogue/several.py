"""Several requests in one message: each is answered, and the turn still has one ending.

What must not be missed comes first. One request may stay open (a code, a card, a yes); the others
that need one wait behind it. Where a person is needed, the conversation goes to people after
everything that could be answered was answered. Nothing is skipped without being named.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.dialogue.account_replies import purpose_of
from app.dialogue.answering import answer_one
from app.dialogue.context import TurnContext
from app.dialogue.endings import Ending
from app.dialogue.replies import say
from app.dialogue.steps import Steps
from app.experiments.service import Arm
from app.handoff.reasons import HandoffReason
from app.parts import Parts
from models.account_model.open_requests import Answer
from routing import Outcome, RoutingDecision
from routing.requests import is_urgent

# a lone request would go to a person for these; beside others it is named and a person is offered
OFFERED = (
    HandoffReason.NO_ANSWER,
    HandoffReason.GENERATION_FAILED,
    HandoffReason.UNCLEAR,
    HandoffReason.UNSUPPORTED_ACTION,
)


@dataclass(frozen=True, slots=True)
class AnsweredPart:
    """One request with the ending that it would have alone."""

    decision: RoutingDecision
    label: str  # what it is about, in the customer's language
    ending: Ending

    @property
    def waits_for_customer(self) -> bool:
        """It cannot be finished now: a code, a card or a yes is missing."""
        return self.ending.step_up is not None or self.ending.pending is not None


def answer_several(
    parts: Parts,
    context: TurnContext,
    decision: RoutingDecision,
    arm: Arm | None,
    steps: Steps,
) -> Ending:
    """Answer each request in turn, then put the endings together."""
    answered = []
    for place, part in enumerate(decision.parts):
        alone = replace(context, text=part.text, place=place)
        if part.decision.outcome is Outcome.CLARIFY:
            ending = Ending("clarify", "")
        else:
            ending = answer_one(parts, alone, part.decision, arm, steps)
        label = _label_of(parts, part.decision, context.language)
        answered.append(AnsweredPart(part.decision, label, ending))
    return join(answered, context.language)


def join(answered: Sequence[AnsweredPart], language: str) -> Ending:
    """One ending that holds all of them, in order."""
    to_person = next((part for part in answered if _needs_person(part.ending)), None)
    joined = _Joined(language, to_person)
    doubtful_last = sorted(answered, key=lambda part: part.decision.outcome is Outcome.CLARIFY)
    for part in doubtful_last:
        joined.add(part)
    return joined.ending()


def _needs_person(ending: Ending) -> bool:
    return ending.handoff is not None and ending.handoff not in OFFERED


def _label_of(parts: Parts, decision: RoutingDecision, language: str) -> str:
    intent = parts.router.taxonomy.find(decision.intent or "")
    return intent.label[language] if intent is not None else ""


class _Joined:
    """Gathers words and what goes with them; says what is left for later or for a person."""

    def __init__(self, language: str, to_person: AnsweredPart | None) -> None:
        self._language = language
        self._to_person = to_person
        self._words: list[str] = []
        self._last_words: list[str] = []
        self._for_person: list[str] = []
        self._ending = Ending("answer", "")

    def add(self, part: AnsweredPart) -> None:
        ending = part.ending
        if part is self._to_person:
            self._hand_over(part)
        elif self._to_person is not None and _is_unfinished(part):
            self._for_person.append(part.label)
        elif ending.needs_sign_in and self._ending.needs_sign_in:
            self._words.append(say("part_same", self._language, label=part.label))
        elif ending.handoff is not None:
            self._offer_person(say("part_unanswered", self._language, label=part.label))
        elif part.decision.outcome is Outcome.CLARIFY:
            self._ask(part)
        elif part.waits_for_customer and self._has_open_request:
            self._put_later(part)
        else:
            self._take(part)

    def ending(self) -> Ending:
        if self._for_person:
            joint = "、" if self._language == "zh" else ", "
            labels = joint.join(dict.fromkeys(self._for_person))
            self._words.append(say("part_for_person", self._language, labels=labels))
        text = "\n\n".join([*self._words, *self._last_words])
        choices = tuple(dict.fromkeys(self._ending.quick_replies))
        return replace(self._ending, text=text, quick_replies=choices)

    @property
    def _has_open_request(self) -> bool:
        return self._ending.step_up is not None or self._ending.pending is not None

    def _hand_over(self, part: AnsweredPart) -> None:
        """What must not be missed comes first, the words of any other handoff last."""
        comes_first = is_urgent(part.decision)
        (self._words if comes_first else self._last_words).append(part.ending.text)
        self._ending = replace(
            self._ending,
            kind="handoff",
            handoff=part.ending.handoff,
            handed_over_by=part.decision,
        )

    def _take(self, part: AnsweredPart) -> None:
        ending, before = part.ending, self._ending
        declined = part.decision.reason == Answer.DECLINED
        words = say("nothing_changed_so_far", self._language) if declined else ending.text
        (self._last_words if part.waits_for_customer else self._words).append(words)
        self._ending = replace(
            before,
            kind=ending.kind if before.kind == "answer" else before.kind,
            citations=(*before.citations, *ending.citations),
            quick_replies=(*ending.quick_replies, *before.quick_replies),
            cards=(*before.cards, *ending.cards),
            generated=before.generated or ending.generated,
            step_up=ending.step_up or before.step_up,
            step_up_customer=ending.step_up_customer or before.step_up_customer,
            performed=(*before.performed, *ending.performed),
            pending=ending.pending or before.pending,
            needs_sign_in=before.needs_sign_in or ending.needs_sign_in,
            closes_request=before.closes_request or ending.closes_request,
            own_values=(*before.own_values, *ending.own_values),
        )

    def _put_later(self, part: AnsweredPart) -> None:
        request = part.ending.step_up or part.ending.pending
        if request is None:
            return
        purpose = purpose_of(request.action, self._language)
        self._last_words.append(say("part_later", self._language, purpose=purpose))
        self._ending = replace(self._ending, later=(*self._ending.later, request))

    def _ask(self, part: AnsweredPart) -> None:
        """A request that is not clear: the one question of this reply, if none is open yet."""
        if part.decision.intent is None:
            return
        if self._has_open_request:
            self._last_words.append(say("part_unclear", self._language, label=part.label))
            return
        self._last_words.append(say("clarify_one", self._language, first=part.label))
        person = say("talk_to_person", self._language)
        self._ending = replace(
            self._ending,
            kind="clarify" if self._ending.kind == "answer" else self._ending.kind,
            quick_replies=(part.label, person, *self._ending.quick_replies),
            clarify_options=(*self._ending.clarify_options, part.decision.intent),
        )

    def _offer_person(self, words: str) -> None:
        self._words.append(words)
        person = say("talk_to_person", self._language)
        choices = (*self._ending.quick_replies, person)
        self._ending = replace(self._ending, quick_replies=choices)


def _is_unfinished(part: AnsweredPart) -> bool:
    """Nothing was found out or done for it: the person takes it along."""
    ending = part.ending
    has_result = bool(
        ending.performed or ending.citations or ending.generated or ending.closes_request
    )
    return not has_result or part.waits_for_customer
