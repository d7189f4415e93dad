"""The signing key: made once, private, and retired keys stay trusted."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.audit.checkpoint import Checkpoint
from app.audit.signing import (
    KEY_FILE,
    TRUSTED_FILE,
    build_signer,
    is_signed,
    key_id_of,
    load_signer,
)


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first, second = load_signer(tmp_path), load_signer(tmp_path)
    assert first.public_key == second.public_key
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        ids = {signer.key_id for signer in threads.map(lambda _: load_signer(tmp_path), range(16))}
    assert len(ids) == 1


def test_a_signature_belongs_to_its_bytes_and_its_key() -> None:
    signer, other = build_signer(b"a" * 32), build_signer(b"b" * 32)
    signature = signer.sign(b"digest")
    assert is_signed(b"digest", signature, signer.public_key)
    assert not is_signed(b"digesT", signature, signer.public_key)
    assert not is_signed(b"digest", signature, other.public_key)
    assert not is_signed(b"digest", b"short", signer.public_key)


def test_a_retired_key_stays_trusted(tmp_path: Path) -> None:
    retired = build_signer(b"a" * 32).public_key
    (tmp_path / TRUSTED_FILE).write_text(retired.hex() + "\n")
    signer = load_signer(tmp_path)
    assert signer.trusted == {
        key_id_of(retired): retired,
        signer.key_id: signer.public_key,
    }


def test_a_checkpoint_never_goes_back(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.json"
    assert Checkpoint.load(path) is None
    Checkpoint(5, "aa", "bb", "cc").save(path)
    Checkpoint(4, "dd", "ee", "ff").save(path)
    assert Checkpoint.load(path) == Checkpoint(5, "aa", "bb", "cc")
