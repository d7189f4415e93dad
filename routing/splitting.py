"""Split utterances into parts that share no text and no near-duplicate. Pure: no model, no file."""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from routing.data_report import DataReport, NearDuplicate
from routing.errors import DatasetError
from routing.near_duplicates import find_pairs, join_pairs
from routing.utterances import LabelledUtterance

Utterances = Sequence[LabelledUtterance]
MOST_COMPARED = 50_000  # texts; beyond them only equal texts are kept together, and that is said
_SHOWN = 50


def find_twins(utterances: Utterances, report: DataReport | None = None) -> dict[str, str]:
    """Text -> the text that names its group of near-duplicates; texts that are alone are left out.

    A report gets the pairs, those under different intents first.
    """
    if len(utterances) > MOST_COMPARED:
        if report is not None:
            report.warnings.append(
                f"near-duplicates were not looked for: more than {MOST_COMPARED:,} texts"
            )
        return {}
    texts = [u.text for u in utterances]
    pairs = list(find_pairs(texts))
    if report is not None:
        found = [_near_duplicate(utterances[a], utterances[b], value) for a, b, value in pairs]
        found.sort(key=lambda pair: (not pair.is_conflict, -pair.similarity, pair.first))
        report.near_duplicate_pairs = len(found)
        report.near_duplicates = found[:_SHOWN]
    heads = join_pairs(len(texts), ((a, b) for a, b, _ in pairs))
    joined = {place for a, b, _ in pairs for place in (a, b)}
    return {texts[place]: texts[heads[place]] for place in sorted(joined)}


def _near_duplicate(
    first: LabelledUtterance, second: LabelledUtterance, similarity: float
) -> NearDuplicate:
    names = (first.intent or "out_of_scope", second.intent or "out_of_scope")
    return NearDuplicate(first.text, second.text, *names, round(similarity, 3))


def split_holdout(
    utterances: Utterances, *, share: float, seed: int, twins: Mapping[str, str] | None = None
) -> tuple[list[LabelledUtterance], list[LabelledUtterance]]:
    """(training, held out), stratified by language and intent; every intent keeps one to learn.

    Near-duplicates (`twins`, looked for if not given) move together: a group belongs to the
    stratum of its first text.
    """
    if not 0 < share < 1:
        raise DatasetError(f"the held-out share must lie between 0 and 1, not {share}")
    ordered = sorted(utterances, key=_order)
    generator = random.Random(seed)  # noqa: S311 -- a split, not a secret
    training: list[LabelledUtterance] = []
    held_out: list[LabelledUtterance] = []
    known = find_twins(ordered) if twins is None else twins
    for groups in _strata(ordered, known).values():
        generator.shuffle(groups)
        wanted = round(sum(map(len, groups)) * share)
        for place, group in enumerate(groups):
            is_last = place == len(groups) - 1
            room = wanted >= len(group) and not is_last
            (held_out if room else training).extend(group)
            wanted -= len(group) if room else 0
    return training, held_out


def _strata(
    ordered: Utterances, twins: Mapping[str, str]
) -> dict[tuple[str, str], list[list[LabelledUtterance]]]:
    groups: dict[str, list[LabelledUtterance]] = defaultdict(list)
    for utterance in ordered:
        groups[twins.get(utterance.text, utterance.text)].append(utterance)
    strata: dict[tuple[str, str], list[list[LabelledUtterance]]] = defaultdict(list)
    for members in groups.values():
        strata[members[0].language, members[0].intent or ""].append(members)
    return strata


def find_leaks(
    training: Iterable[LabelledUtterance], held_out: Iterable[LabelledUtterance]
) -> list[str]:
    """Held-out texts that also occur in training; must be empty before anything is measured."""
    known = {utterance.normalised for utterance in training}
    return [utterance.text for utterance in held_out if utterance.normalised in known]


def find_near_leaks(training: Utterances, held_out: Utterances) -> list[int]:
    """Places of the held-out texts that equal, or nearly equal, a training text."""
    if len(training) + len(held_out) > MOST_COMPARED:
        known = {u.normalised for u in training}
        return [place for place, u in enumerate(held_out) if u.normalised in known]
    border = len(training)
    texts = [u.text for u in (*training, *held_out)]
    return sorted({b - border for a, b, _ in find_pairs(texts) if a < border <= b})


def _order(utterance: LabelledUtterance) -> tuple[str, str, str]:
    return utterance.language, utterance.intent or "", utterance.text
