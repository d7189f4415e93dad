"""Which texts must be judged before a message can be decided. Pure: words only, no model.

Mostly the message alone; with it its possible requests, and the words that a follow-up or a
correction stands for. `routing/settling.py` reads the judgements.
"""

from dataclasses import dataclass

from routing import context
from routing.context import Elliptical
from routing.language import Reading, Script, read
from routing.segments import Segment, split
from routing.types import Utterance


@dataclass(frozen=True, slots=True)
class Probe:
    """A text to be judged, and how it is written. Rules hear only what the customer says now."""

    text: str
    reading: Reading
    is_spoken: bool = True

    @property
    def language(self) -> str:
        return self.reading.language


@dataclass(frozen=True, slots=True)
class Plan:
    """What must be judged before a message can be decided."""

    whole: Probe
    segments: tuple[Segment, ...] = ()
    elliptical: Elliptical | None = None
    rest: Probe | None = None
    anchor: Probe | None = None
    composed: Probe | None = None
    previous_intent: str | None = None

    def probes(self) -> list[Probe]:
        parts = [self.of(segment) for segment in self.segments]
        around = (self.whole, self.rest, self.anchor, self.composed)
        return [*(probe for probe in around if probe is not None), *parts]

    def of(self, segment: Segment) -> Probe:
        return Probe(segment.text, _read_piece(segment.text, self.whole.reading))


def plan(utterance: Utterance) -> Plan:
    """What to judge for an utterance; mostly the text alone."""
    reading = read(utterance.text, utterance.locale)
    whole = Probe(utterance.text, reading)
    if reading.is_other or reading.script is Script.PINYIN:
        return Plan(whole)  # the words that join and point are not known in these letters
    segments = split(utterance.text, reading.language)
    if len(segments) >= 2 or not utterance.history:
        return Plan(whole, segments)
    elliptical = context.read(utterance.text, reading.language)
    anchor = context.find_anchor(utterance.history, utterance.locale)
    if elliptical is None or anchor is None:
        return Plan(whole, segments)
    anchored = Probe(anchor, read(anchor, utterance.locale), is_spoken=False)
    return Plan(
        whole,
        segments,
        elliptical,
        Probe(elliptical.rest, _read_piece(elliptical.rest, reading)),
        anchored,
        _composed(anchored, elliptical, reading),
        utterance.previous_intent,
    )


def _read_piece(text: str, whole: Reading) -> Reading:
    """How a piece of a message is written; a few words alone may seem to be of another language."""
    reading = read(text, whole.language)
    return whole if reading.is_other else reading


def _composed(anchor: Probe, elliptical: Elliptical, reading: Reading) -> Probe | None:
    """The earlier request with the new words, where both are in one language and its letters."""
    is_alike = anchor.language == reading.language and anchor.reading.script is not Script.PINYIN
    if not is_alike or anchor.reading.is_other:
        return None
    text = context.compose(anchor.text, elliptical.rest)
    return Probe(text, _read_piece(text, anchor.reading), is_spoken=False)
