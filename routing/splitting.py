"""Split utterances into parts that share no text and no near-duplicate. Pure: no model, no file."""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence

from routing.errors import DatasetError
from routing.near_duplicates import find_pairs, group_near_duplicates
from routing.utterances import LabelledUtterance

Utterances = Sequence[LabelledUtterance]


def split_holdout(
    utterances: Utterances, *, share: float, seed: int
) -> tuple[list[LabelledUtterance], list[LabelledUtterance]]:
    """(training, held out), stratified by language and intent; every intent keeps one to learn.

    Near-duplicates move together: a group belongs to the stratum of its first text.
    """
    if not 0 < share < 1:
        raise DatasetError(f"the held-out share must lie between 0 and 1, not {share}")
    ordered = sorted(utterances, key=_order)
    generator = random.Random(seed)  # noqa: S311 -- a split, not a secret
    training: list[LabelledUtterance] = []
    held_out: list[LabelledUtterance] = []
    for groups in _strata(ordered).values():
        generator.shuffle(groups)
        wanted = round(sum(map(len, groups)) * share)
        for place, group in enumerate(groups):
            is_last = place == len(groups) - 1
            room = wanted >= len(group) and not is_last
            (held_out if room else training).extend(group)
            wanted -= len(group) if room else 0
    return training, held_out


def _strata(
    ordered: Utterances,
) -> dict[tuple[str, str], list[list[LabelledUtterance]]]:
    groups: dict[int, list[LabelledUtterance]] = defaultdict(list)
    heads = group_near_duplicates([u.text for u in ordered])
    for utterance, head in zip(ordered, heads, strict=True):
        groups[head].append(utterance)
    strata: dict[tuple[str, str], list[list[LabelledUtterance]]] = defaultdict(list)
    for head, members in groups.items():
        strata[ordered[head].language, ordered[head].intent or ""].append(members)
    return strata


def find_leaks(
    training: Iterable[LabelledUtterance], held_out: Iterable[LabelledUtterance]
) -> list[str]:
    """Held-out texts that also occur in training; must be empty before anything is measured."""
    known = {utterance.normalised for utterance in training}
    return [utterance.text for utterance in held_out if utterance.normalised in known]


def find_near_leaks(training: Utterances, held_out: Utterances) -> list[int]:
    """Places of the held-out texts that equal, or nearly equal, a training text."""
    border = len(training)
    texts = [u.text for u in (*training, *held_out)]
    return sorted({b - border for a, b, _ in find_pairs(texts) if a < border <= b})


def _order(utterance: LabelledUtterance) -> tuple[str, str, str]:
    return utterance.language, utterance.intent or "", utterance.text
