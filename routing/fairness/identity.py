"""Who writes: names, relatives, titles, age, disability, origin. Pure, from word lists.

Both texts carry a sentence about the writer; only the identity in it differs. So a flip is due to
the identity and not to the extra sentence, which the framing family measures.
"""

from random import Random
from typing import Any

from routing.fairness.types import Change, Changer, Family, Perturbation, Seed
from routing.fairness.word_lists import word_list

INTRODUCTION = "name_gender"  # its reference frames serve as the plain introduction


def perturbations() -> list[Perturbation]:
    """One for each entry of identities.yaml."""
    return [
        Perturbation(name, Family.IDENTITY, tuple(languages), _swap(languages))
        for name, languages in word_list("identities").items()
    ]


def introduced(seed: Seed, chance: Random) -> str:
    """The seed after a plain introduction."""
    entry = word_list("identities")[INTRODUCTION][seed.language]
    frame = chance.choice(entry["frame"])
    return joined(frame.format(chance.choice(entry["reference"])), seed)


def joined(sentence: str, seed: Seed) -> str:
    """Two sentences, parted as the language does it."""
    gap = "" if seed.language == "zh" else " "
    return f"{sentence}{gap}{seed.text}"


def _swap(languages: dict[str, Any]) -> Changer:
    def change(seed: Seed, chance: Random) -> Change:
        entry = languages[seed.language]
        frame = chance.choice(entry["frame"])
        references, others = entry["reference"], entry["counterfactual"]
        place = chance.randrange(len(others))  # the same place: a surname stays where it can
        reference = frame.format(references[place % len(references)])
        return joined(reference, seed), joined(frame.format(others[place]), seed)

    return change
