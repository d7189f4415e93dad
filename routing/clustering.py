"""Group texts that no intent fits, and name each group by its typical words. Knows no database.

English by the encoder; a language that the encoder cannot read by its characters.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import AgglomerativeClustering
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer, TfidfVectorizer

from models.chinese import to_simplified
from models.types import Doubles, Encoder, Floats
from routing.dataset import normalise

SMALLEST = 4  # texts; fewer are an accident
MOST_TEXTS = 3_000  # distances between all pairs must fit into memory
TYPICAL_TEXTS = 5
TYPICAL_WORDS = 3
LOOSEST = {"encoder": 0.60, "characters": 0.70}  # cosine distance at which groups stay apart
_COMPONENTS = 300
_FEWEST_COMPONENTS = 2
_FUNCTION_WORDS = re.compile(  # Chinese; of several alternatives the longer first
    "为什么|怎么样|怎么办|什么时候|能不能|可不可以|是不是|有没有|多少钱|怎么|什么|如何|请问|多少|多久|哪个|哪里|哪些"
    "|我想|我要|我的|我们|你们|帮我|可以|需要|一下|一个|这个|那个|现在|应该|还是|因为|所以|如果"
    "|[我你您他她它的了吗呢吧啊呀是在有和就都也还要想能会把被给让去到从里上下不没请个]"
)
_WORD = r"(?u)\b[^\W\d]{2,}\b"


@dataclass(frozen=True, slots=True)
class Nearest:
    """The existing intent whose utterances are most like a group (cosine)."""

    intent: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """Texts that ask for one thing; members are places in the given list, most typical first."""

    members: tuple[int, ...]
    name: str
    nearest: Nearest | None
    terms: tuple[str, ...] = ()  # what its texts say more often than the others do, best first


def cluster_texts(
    texts: Sequence[str],
    *,
    language: str,
    encoder: Encoder,
    known: Mapping[str, Sequence[str]],
    smallest: int = SMALLEST,
) -> list[Cluster]:
    """Groups of at least `smallest` different texts, the largest first.

    `known` maps existing intents to some of their utterances, for the nearest one.
    """
    places = _distinct(texts)[:MOST_TEXTS]
    if len(places) < smallest:
        return []
    chosen = [texts[members[0]] for members in places]
    vectors, known_vectors, kind = _vectors(chosen, known, language, encoder)
    groups = _groups(vectors, LOOSEST[kind], smallest)
    spoken = _terms([[chosen[i] for i in group] for group in groups], chosen, language)
    found = []
    for group, terms in zip(groups, spoken, strict=True):
        centre = _unit(vectors[group].mean(axis=0, keepdims=True))[0]
        ordered = sorted(group, key=lambda i: (-float(vectors[i] @ centre), i))
        members = tuple(member for i in ordered for member in places[i])
        name = " · ".join(terms) or chosen[group[0]]
        found.append(Cluster(members, name, _nearest(centre, known_vectors), terms))
    return sorted(found, key=lambda cluster: -len(cluster.members))


def _distinct(texts: Sequence[str]) -> list[list[int]]:
    """Equal texts together, the most frequent first."""
    same: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        same[normalise(to_simplified(text))].append(place)
    return sorted(same.values(), key=lambda members: (-len(members), members[0]))


def _vectors(
    texts: Sequence[str], known: Mapping[str, Sequence[str]], language: str, encoder: Encoder
) -> tuple[Floats, dict[str, Floats], str]:
    utterances = [text for group in known.values() for text in group]
    if language != "zh" or encoder.reads_cjk:
        everything, kind = encoder.encode([*texts, *utterances]), "encoder"
    else:
        everything, kind = _characters([*texts, *utterances]), "characters"
    by_intent: dict[str, Floats] = {}
    start = len(texts)
    for intent, group in known.items():
        if group:
            rows = everything[start : start + len(group)]
            by_intent[intent] = _unit(rows.mean(axis=0, keepdims=True))[0]
        start += len(group)
    return everything[: len(texts)], by_intent, kind


def _characters(texts: Sequence[str]) -> Floats:
    """Unit vectors from character n-grams; words that every question has are left out."""
    vectorizer = TfidfVectorizer(
        analyzer="char", ngram_range=(1, 3), sublinear_tf=True, dtype=np.float32
    )
    rows = vectorizer.fit_transform([_content(text) for text in texts])
    components = min(_COMPONENTS, rows.shape[0] - 1, rows.shape[1] - 1)
    if components < _FEWEST_COMPONENTS:
        return _unit(np.asarray(rows.todense(), dtype=np.float32))
    return _unit(TruncatedSVD(components, random_state=0).fit_transform(rows).astype(np.float32))


def _content(text: str) -> str:
    """What is left without question words and courtesy; never nothing."""
    folded = normalise(to_simplified(text))
    return _FUNCTION_WORDS.sub("", folded).strip() or folded


def _groups(vectors: Floats, loosest: float, smallest: int) -> list[list[int]]:
    """Average linkage: a group's texts are alike on the whole, not only along a chain."""
    if len(vectors) == 1:  # nothing to compare it with
        return [[0]] if smallest <= 1 else []
    labels = AgglomerativeClustering(
        n_clusters=None, distance_threshold=loosest, metric="cosine", linkage="average"
    ).fit_predict(vectors)
    groups: dict[int, list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        groups[int(label)].append(place)
    return [group for group in groups.values() if len(group) >= smallest]


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Floats = (rows / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)
    return unit


def _nearest(centre: Floats, known: Mapping[str, Floats]) -> Nearest | None:
    scored = [(float(vector @ centre), intent) for intent, vector in known.items()]
    if not scored:
        return None
    similarity, intent = max(scored)
    return Nearest(intent, similarity)


def _terms(
    groups: Sequence[Sequence[str]], everything: Sequence[str], language: str
) -> list[tuple[str, ...]]:
    """The words that each group says more often than the rest does."""
    if not groups:
        return []
    vectorizer = _word_counter(language)
    try:
        vectorizer.fit(everything)
    except ValueError:  # nothing but stop words
        return [() for _ in groups]
    words = vectorizer.get_feature_names_out()
    spread = np.asarray((vectorizer.transform(everything) > 0).sum(axis=0)).ravel() + 1.0
    return [
        _typical(group, words, (vectorizer.transform(group) > 0).sum(axis=0), spread, language)
        for group in groups
    ]


def _word_counter(language: str) -> CountVectorizer:
    if language == "zh":
        return CountVectorizer(
            analyzer="char", ngram_range=(2, 4), preprocessor=_readable_characters, min_df=2
        )
    return CountVectorizer(
        stop_words=list(ENGLISH_STOP_WORDS),
        ngram_range=(1, 2),
        token_pattern=_WORD,
    )


def _readable_characters(text: str) -> str:
    return _content(text).replace(" ", "")


def _typical(
    group: Sequence[str], words: Sequence[str], counts: object, spread: Doubles, language: str
) -> tuple[str, ...]:
    inside = np.asarray(counts).ravel()
    # how much of the group says it, times how little anybody else does
    weight = (inside / len(group)) * (inside / spread)
    if language == "zh":  # of pieces that all say the same, the longer ones read better
        weight = weight * np.array([1 + 0.25 * len(word) for word in words])
    chosen: list[str] = []
    for place in np.argsort(-weight, kind="stable"):
        word = str(words[place])
        if weight[place] <= 0 or len(chosen) == TYPICAL_WORDS:
            break
        if not any(_overlap(word, other) for other in chosen):
            chosen.append(word)
    return tuple(chosen)


def _overlap(word: str, other: str) -> bool:
    """Whether one says (part of) the other again."""
    if word in other or other in word:
        return True
    return bool((Counter(word.split()) & Counter(other.split())) or _shares_piece(word, other))


def _shares_piece(word: str, other: str) -> bool:
    if word.isascii() or other.isascii():
        return False
    return any(word[i : i + 2] in other for i in range(len(word) - 1))
