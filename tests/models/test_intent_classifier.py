"""IntentModel: ranking, languages, round trip, and what it refuses."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from models.checkpoint import Manifest, load_checkpoint, save_checkpoint
from models.errors import CheckpointError
from models.fakes import HashingEncoder
from models.intent_classifier import IntentModel, restore_intent_model
from models.intent_training import IntentExamples, choose_lexical_weight, fit_language, split_folds

WORDS = {"card_lost": "lost card gone", "balance_inquiry": "balance money account", "fees": "fee"}
CHINESE_WORDS = {"card_lost": "卡丢了", "balance_inquiry": "余额多少"}


class EnglishEncoder(HashingEncoder):
    """Like the bundled encoder it cannot read Chinese, and it complains if it must."""

    reads_cjk = False

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        assert not any("\u4e00" <= letter <= "\u9fff" for text in texts for letter in text)
        return super().encode(texts)


def examples(words: dict[str, str], ending: str) -> IntentExamples:
    rows = [(f"{text} {ending}{n}", name) for name, text in words.items() for n in range(12)]
    return IntentExamples(
        tuple(text for text, _ in rows),
        tuple(name for _, name in rows),
        ("weather tomorrow", "a song") if ending == "please " else ("天气预报", "唱一首歌"),
    )


@pytest.fixture(scope="module")
def model() -> IntentModel:
    encoder = EnglishEncoder()
    english, _ = fit_language(examples(WORDS, "please "), language="en", encoder=encoder, seed=0)
    chinese, _ = fit_language(examples(CHINESE_WORDS, "请"), language="zh", encoder=encoder, seed=0)
    return IntentModel({"en": english, "zh": chinese}, encoder, thresholds={"accept": 0.5})


def save(model: IntentModel, folder: Path) -> Path:
    heads = model._heads
    return save_checkpoint(
        folder,
        Manifest(
            kind="intent",
            languages=model.languages,
            labels={language: list(h.labels) for language, h in heads.items()},
            encoder_revision="hashing-64",
            thresholds=dict(model.thresholds),
            settings={language: h.settings_document() for language, h in heads.items()},
        ),
        tensors={f"heads.{lang}.safetensors": h.tensors() for lang, h in heads.items()},
        documents={
            f"vocabulary.{lang}.json": h.lexical.features.document() for lang, h in heads.items()
        },
    )


def test_ranks_every_language(model: IntentModel) -> None:
    english = model.predict(["my card is lost", "account balance"], language="en")
    chinese = model.predict(["我的卡丢了"], language="zh")

    assert [seen.ranking[0][0] for seen in english] == ["card_lost", "balance_inquiry"]
    assert chinese[0].ranking[0][0] == "card_lost"
    assert len(english[0].ranking) == 3
    assert sum(share for _, share in english[0].ranking) == pytest.approx(1)


def test_strangers_score_higher(model: IntentModel) -> None:
    known, strange = model.predict(["lost card gone please", "qqq zzz 123"], language="en")

    assert strange.out_of_scope_score > known.out_of_scope_score


def test_a_language_without_heads_ranks_nothing(model: IntentModel) -> None:
    (seen,) = model.predict(["bonjour"], language="fr")

    assert seen.ranking == ()
    assert seen.out_of_scope_score > 1


def test_no_texts_no_rankings(model: IntentModel) -> None:
    assert model.predict([], language="en") == []


def test_chinese_needs_no_encoder(model: IntentModel) -> None:
    assert not model._heads["zh"].needs_encoder
    assert model._heads["en"].needs_encoder


def test_threads_see_what_one_thread_sees(model: IntentModel) -> None:
    texts = ["lost card", "balance of my account", "fee", "卡丢了"] * 5

    def alone(text: str) -> object:
        return model.predict([text], language="zh" if text == "卡丢了" else "en")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(alone, texts)) == [alone(text) for text in texts]


def test_survives_storage(model: IntentModel, tmp_path: Path) -> None:
    folder = save(model, tmp_path)

    restored = restore_intent_model(load_checkpoint(folder, kind="intent"), EnglishEncoder())

    for language, texts in (("en", ["lost card", "nonsense"]), ("zh", ["余额", "唱歌"])):
        assert restored.predict(texts, language=language) == model.predict(texts, language=language)
    assert restored.version == folder.name
    assert restored.thresholds == {"accept": 0.5}


def test_another_encoder_is_refused(model: IntentModel, tmp_path: Path) -> None:
    saved = load_checkpoint(save(model, tmp_path), kind="intent")

    with pytest.raises(CheckpointError, match="train again, or set the encoder back"):
        restore_intent_model(saved, HashingEncoder(32))


def test_training_is_deterministic(model: IntentModel, tmp_path: Path) -> None:
    again, _ = fit_language(
        examples(WORDS, "please "), language="en", encoder=EnglishEncoder(), seed=0
    )

    for name, values in model._heads["en"].tensors().items():
        assert np.array_equal(values, again.tensors()[name]), name


def test_folds_are_stratified_and_complete() -> None:
    targets = np.repeat(np.arange(4), [10, 5, 2, 1])

    folds = list(split_folds(targets, seed=3))

    held_out = np.concatenate([held for _, held in folds])
    assert sorted(held_out) == list(range(17))  # the lone example is never held out
    assert all(set(train).isdisjoint(held) for train, held in folds)


@pytest.mark.parametrize(
    ("examples_per_intent", "weights"),
    [(5, {0.0, 0.1, 0.25}), (20, {0.1, 0.25, 0.5}), (60, {0.25, 0.5, 0.75, 1.0})],
    ids=["few", "some", "many"],
)
def test_few_examples_keep_the_lexical_head_small(
    examples_per_intent: int, weights: set[float]
) -> None:
    encoder = np.log(np.array([[0.6, 0.4], [0.4, 0.6]]))
    lexical = np.log(np.array([[0.01, 0.99], [0.99, 0.01]]))

    wrong = choose_lexical_weight(encoder, lexical, np.array([0, 1]), 2 * examples_per_intent)
    right = choose_lexical_weight(encoder, lexical, np.array([1, 0]), 2 * examples_per_intent)

    assert wrong == min(weights)
    assert right in weights
    assert choose_lexical_weight(None, lexical, np.array([0, 1]), 10) == 1.0
