"""How well missing intents are found: six of our own intents are taken away and looked for again.

Of each taken intent 25 utterances, mixed with 100 out-of-scope texts; several draws. No bank's
traffic looks like this: read it as a comparison between settings, not as a promise.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from models.encoder import TextEncoder
from models.remembering import RememberingEncoder
from models.types import Encoder
from routing.clustering import Cluster, cluster_texts
from routing.dataset import load_utterances

DRAWS = 3
TAKEN = 6
TEXTS_OF_INTENT = 25
STRANGERS = 100
UTTERANCES_OF_KNOWN = 12
MOSTLY = 0.6  # a group stands for an intent when so much of it is that intent


def main() -> Mapping[str, Any]:
    """Figures of each language over the draws."""
    encoder = RememberingEncoder(TextEncoder())
    figures: dict[str, Any] = {}
    for language in ("en", "zh"):
        drawn = [_draw(language, seed, encoder) for seed in range(DRAWS)]
        figures[language] = {name: [one[name] for one in drawn] for name in drawn[0]}
    return figures


def _draw(language: str, seed: int, encoder: Encoder) -> dict[str, float]:
    by_intent: dict[str, list[str]] = defaultdict(list)
    strangers: list[str] = []
    for utterance in load_utterances():
        if utterance.language == language:
            where = strangers if utterance.intent is None else by_intent[utterance.intent]
            where.append(utterance.text)
    chance = random.Random(seed)  # noqa: S311 - a draw, not a secret
    taken = chance.sample(sorted(by_intent), TAKEN)
    rows = [
        (text, intent)
        for intent in taken
        for text in chance.sample(by_intent[intent], min(TEXTS_OF_INTENT, len(by_intent[intent])))
    ]
    rows += [(text, "") for text in chance.sample(strangers, STRANGERS)]
    known = {
        intent: texts[:UTTERANCES_OF_KNOWN]
        for intent, texts in sorted(by_intent.items())
        if intent not in taken
    }
    clusters = cluster_texts(
        [text for text, _ in rows], language=language, encoder=encoder, known=known
    )
    return _score(clusters, [intent for _, intent in rows])


def _score(clusters: Sequence[Cluster], truths: Sequence[str]) -> dict[str, float]:
    members = pure = held = 0
    found: set[str] = set()
    for cluster in clusters:
        counted = Counter(truths[place] for place in cluster.members)
        intent, most = counted.most_common(1)[0]
        members += len(cluster.members)
        pure += most
        if intent and most / len(cluster.members) > MOSTLY:
            found.add(intent)
            held += most
    asked = sum(truth != "" for truth in truths)
    return {
        "groups": len(clusters),
        "purity": round(pure / members, 3) if members else 0.0,
        f"found of {TAKEN}": len(found),
        "share of their texts": round(held / asked, 3),
    }
