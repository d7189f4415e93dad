"""The bundled encoder: real weights, loaded once."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from models.encoder import TextEncoder
from models.encoder_files import BUNDLED_DIGESTS, find_weights, verify_digests
from models.errors import EncoderError
from models.text_folding import strip_cjk


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    return TextEncoder(device="cpu")


def test_vectors_are_unit_length_float32(encoder: TextEncoder) -> None:
    vectors = encoder.encode(["I lost my card", "a much longer sentence about exchange rates", ""])

    assert vectors.dtype == np.float32
    assert vectors.shape == (3, encoder.dimension)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)


def test_similar_meaning_is_nearer_than_other_meaning(encoder: TextEncoder) -> None:
    lost, gone, rate = encoder.encode(["I lost my card", "my card is gone", "exchange rate today"])

    assert lost @ gone > 0.7 > 0.3 > lost @ rate


def test_a_text_in_a_batch_equals_the_text_alone(encoder: TextEncoder) -> None:
    texts = [f"sentence {'word ' * (number % 9)}" for number in range(40)]

    together = encoder.encode(texts)

    for place in (0, 17, 39):
        assert together[place] == pytest.approx(encoder.encode([texts[place]])[0], abs=1e-5)


def test_no_text_no_vector(encoder: TextEncoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_chinese_never_reaches_the_english_tokeniser(
    encoder: TextEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    forward = encoder._forward

    def spy(texts: list[str]) -> np.ndarray:
        seen.extend(texts)
        return forward(texts)

    monkeypatch.setattr(encoder, "_forward", spy)
    encoder.encode(["我的卡丢了", "Hello. 我的卡丢了。 Please block it", "plain"])

    assert not encoder.reads_cjk
    assert sorted(seen) == ["", "Hello.   Please block it", "plain"]


def test_stripping_keeps_everything_else() -> None:
    assert strip_cjk("Überweisung 100 € 转账，谢谢 ok") == "Überweisung 100 €   ok"


def test_the_revision_names_the_weights(encoder: TextEncoder) -> None:
    assert encoder.revision == f"all-MiniLM-L6-v2@{BUNDLED_DIGESTS['model.safetensors'][:12]}"


def test_altered_weights_are_refused(tmp_path: Path) -> None:
    for name in BUNDLED_DIGESTS:
        shutil.copy(find_weights(None) / name, tmp_path / name)
    with (tmp_path / "tokenizer.json").open("a") as file:
        file.write(" ")

    with pytest.raises(EncoderError, match=r"tokenizer\.json of the bundled encoder has SHA-256"):
        verify_digests(tmp_path, BUNDLED_DIGESTS)


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"model\.safetensors is missing"):
        verify_digests(tmp_path, BUNDLED_DIGESTS)


def test_a_folder_without_a_tokeniser_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"tokenizer\.json is missing"):
        TextEncoder(tmp_path)


def test_a_folder_replaces_the_bundled_weights(encoder: TextEncoder) -> None:
    local = TextEncoder(find_weights(None), device="cpu", max_length=16)

    assert local.encode(["I lost my card"]) == pytest.approx(encoder.encode(["I lost my card"]))
    assert local.revision.startswith("model@")


def test_an_unknown_id_without_a_network_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)

    with pytest.raises(EncoderError, match="leave the setting empty for the default"):
        find_weights("nobody/no-such-encoder")
