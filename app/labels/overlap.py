"""Whether a group of texts is one that people have seen before. Pure."""

from collections.abc import Collection, Mapping

SAME_GROUP = 0.5  # of the smaller group


def overlap(first: Collection[str], second: Collection[str]) -> float:
    """Share of the smaller set that lies in the other, 0 to 1."""
    one, other = set(first), set(second)
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def match_groups(
    fresh: Mapping[str, Collection[str]], known: Mapping[str, Collection[str]]
) -> dict[str, str]:
    """Which fresh group is which known one: the best overlap first, each at most once."""
    scored = sorted(
        (
            (-overlap(members, earlier), name, known_name)
            for name, members in fresh.items()
            for known_name, earlier in known.items()
        ),
    )
    matched: dict[str, str] = {}
    for score, name, known_name in scored:
        if -score < SAME_GROUP:
            break
        if name not in matched and known_name not in matched.values():
            matched[name] = known_name
    return matched
