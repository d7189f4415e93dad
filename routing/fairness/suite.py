"""All perturbations, and the pairs that they make of seeds. Deterministic with a seed."""

from collections.abc import Iterable, Iterator, Sequence
from random import Random

from routing.fairness import dialect, identity, writing
from routing.fairness.types import Pair, Perturbation, Seed

PERTURBATIONS: tuple[Perturbation, ...] = (
    *identity.perturbations(),
    *dialect.perturbations(),
    *writing.perturbations(),
)


def build_pairs(
    seeds: Iterable[Seed],
    *,
    random_seed: int = 0,
    perturbations: Sequence[Perturbation] = PERTURBATIONS,
) -> list[Pair]:
    """At most one pair for each seed and perturbation, so that a line's pairs are independent."""
    return list(_pairs(list(seeds), random_seed, perturbations))


def _pairs(
    seeds: Sequence[Seed], random_seed: int, perturbations: Sequence[Perturbation]
) -> Iterator[Pair]:
    for one in perturbations:
        for seed in seeds:
            if seed.language not in one.languages:
                continue
            # a text's own chance: adding seeds or perturbations moves no other pair
            chance = Random(f"{random_seed}:{one.name}:{seed.text}")  # noqa: S311 -- no secret
            change = one.change(seed, chance)
            if change is not None:
                yield Pair(one.name, one.family, seed, *change)
