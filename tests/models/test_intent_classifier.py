"""IntentModel: ranking, languages, round trip, and what it refuses."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.blending import choose_blend
from models.checkpoint import Manifest, load_checkpoint, save_checkpoint
from models.encoder_shelf import SingleEncoder
from models.errors import CheckpointError
from models.fakes import HashingEncoder
from models.heads_file import heads_document, heads_tensors, views_of
from models.intent_classifier import IntentModel, LanguageModel, restore_intent_model
from models.intent_heads import BASE, LEXICAL, TUNED, blend, settings_document
from models.intent_training import IntentExamples, fit_language, split_folds

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


def fit(words: dict[str, str], ending: str, language: str) -> LanguageModel:
    encoder = EnglishEncoder() if language == "en" else None
    fitted = fit_language(examples(words, ending), language=language, encoder=encoder, seed=0)
    return LanguageModel(fitted.heads, {} if encoder is None else {BASE: encoder})


@pytest.fixture(scope="module")
def model() -> IntentModel:
    languages = {"en": fit(WORDS, "please ", "en"), "zh": fit(CHINESE_WORDS, "请", "zh")}
    return IntentModel(languages, thresholds={"accept": 0.5})


def save(model: IntentModel, folder: Path) -> Path:
    heads = {language: one.heads for language, one in model._languages.items()}
    return save_checkpoint(
        folder,
        Manifest(
            kind="intent",
            languages=model.languages,
            labels={language: list(h.labels) for language, h in heads.items()},
            encoder_revision="hashing-64",
            thresholds=dict(model.thresholds),
            settings={
                language: settings_document(h.settings)
                | {"views": views_of(h), "encoder": "hashing-64"}
                for language, h in heads.items()
            },
        ),
        tensors={f"heads.{lang}.safetensors": heads_tensors(h) for lang, h in heads.items()},
        documents={f"heads.{lang}.json": heads_document(h) for lang, h in heads.items()},
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


def test_enough_strangers_are_a_class_of_their_own() -> None:
    known = examples(WORDS, "please ")
    strangers = tuple(f"weather {n} tomorrow" for n in range(60))
    fitted = fit_language(
        replace(known, strangers=strangers), language="en", encoder=EnglishEncoder(), seed=0
    )
    alone = IntentModel({"en": fit(WORDS, "please ", "en")})
    beside = IntentModel({"en": LanguageModel(fitted.heads, {BASE: EnglishEncoder()})})

    asked = ["weather 99 tomorrow", "please lost card gone"]
    before, after = (model.predict(asked, language="en") for model in (alone, beside))

    assert sum(share for _, share in before[0].ranking) == pytest.approx(1)
    assert sum(share for _, share in after[0].ranking) < 0.5  # the rest is nobody's
    assert after[1].ranking[0][0] == "card_lost"
    assert {name for name, _ in after[0].ranking} == set(WORDS)
    assert sorted(fitted.held_out.strangers.tolist()) == list(range(60))  # each held out once


def test_a_language_without_heads_ranks_nothing(model: IntentModel) -> None:
    (seen,) = model.predict(["bonjour"], language="fr")

    assert seen.ranking == ()
    assert seen.out_of_scope_score > 1


def test_no_texts_no_rankings(model: IntentModel) -> None:
    assert model.predict([], language="en") == []


def test_the_nearest_training_texts_are_named(model: IntentModel) -> None:
    english = model.predict(["lost card gone please 3"], language="en")[0].nearest
    chinese = model.predict(["卡丢了 请3"], language="zh")[0].nearest

    assert [near.intent for near in english] == ["card_lost"] * 3
    assert english[0].text == "lost card gone please 3"
    assert english[0].similarity == pytest.approx(1, abs=1e-3)
    assert chinese[0].intent == "card_lost"


def test_without_an_encoder_characters_judge_alone(model: IntentModel) -> None:
    assert model._languages["zh"].heads.encoder_heads == {}
    assert list(model._languages["en"].heads.encoder_heads) == [BASE]


def test_threads_see_what_one_thread_sees(model: IntentModel) -> None:
    texts = ["lost card", "balance of my account", "fee", "卡丢了"] * 5

    def alone(text: str) -> object:
        return model.predict([text], language="zh" if text == "卡丢了" else "en")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(alone, texts)) == [alone(text) for text in texts]


def test_survives_storage(model: IntentModel, tmp_path: Path) -> None:
    folder = save(model, tmp_path)

    restored = restore_intent_model(
        load_checkpoint(folder, kind="intent"), SingleEncoder(EnglishEncoder())
    )

    for language, texts in (("en", ["lost card", "nonsense"]), ("zh", ["余额", "唱歌"])):
        assert restored.predict(texts, language=language) == model.predict(texts, language=language)
    assert restored.version == folder.name
    assert restored.thresholds == {"accept": 0.5}


def test_another_encoder_is_refused(model: IntentModel, tmp_path: Path) -> None:
    saved = load_checkpoint(save(model, tmp_path), kind="intent")

    with pytest.raises(CheckpointError, match="train again, or set the encoder back"):
        restore_intent_model(saved, SingleEncoder(HashingEncoder(32)))


def test_training_is_deterministic(model: IntentModel) -> None:
    again = fit(WORDS, "please ", "en").heads

    repeated = heads_tensors(again)
    for name, values in heads_tensors(model._languages["en"].heads).items():
        assert np.array_equal(values, repeated[name]), name


def test_folds_are_stratified_and_complete() -> None:
    targets = np.repeat(np.arange(4), [10, 5, 2, 1])

    folds = list(split_folds(targets, seed=3))

    held_out = np.concatenate([held for _, held in folds])
    assert sorted(held_out) == list(range(17))  # the lone example is never held out
    assert all(set(train).isdisjoint(held) for train, held in folds)


SURE_OF_THE_FIRST = np.log(np.array([[0.6, 0.4], [0.4, 0.6]] * 20))
SURE_OF_THE_SECOND = np.log(np.array([[0.01, 0.99], [0.99, 0.01]] * 20))
FIRST, SECOND_RIGHT = np.array([0, 1] * 20), np.array([1, 0] * 20)


@pytest.mark.parametrize(
    ("examples_per_intent", "allowed"),
    [(5, {0.0, 0.1, 0.25}), (20, {0.1, 0.25, 0.5}), (60, {0.25, 0.5, 0.75, 1.0})],
    ids=["few", "some", "many"],
)
def test_few_examples_keep_the_lexical_head_small(
    examples_per_intent: int, allowed: set[float]
) -> None:
    views = {BASE: SURE_OF_THE_FIRST, LEXICAL: SURE_OF_THE_SECOND}

    wrong, _ = choose_blend(views, FIRST, examples_per_intent=examples_per_intent)
    right, _ = choose_blend(views, SECOND_RIGHT, examples_per_intent=examples_per_intent)

    assert wrong[LEXICAL] == min(allowed)
    assert right[LEXICAL] == max(allowed)


def test_a_view_that_is_right_outweighs_one_that_is_not() -> None:
    views = {BASE: SURE_OF_THE_FIRST, LEXICAL: SURE_OF_THE_FIRST, TUNED: SURE_OF_THE_SECOND}

    weights, _ = choose_blend(views, SECOND_RIGHT, examples_per_intent=5)

    assert weights[TUNED] >= 1.0
    assert blend(views, weights).argmax(axis=1).tolist() == SECOND_RIGHT.tolist()


def test_the_lexical_view_may_stand_alone() -> None:
    weights, temperature = choose_blend({LEXICAL: SURE_OF_THE_FIRST}, FIRST, examples_per_intent=5)

    assert weights == {LEXICAL: 1.0}
    assert temperature < 1  # it is right more often than it says
