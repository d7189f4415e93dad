"""Secrets: unguessable, compared in constant time, sealed under one key."""

import pytest

from app.auth.passwords import hash_password, verify_password
from app.auth.step_up import mask_phone
from app.auth.tokens import (
    Sealer,
    hash_token,
    keyed_hash,
    new_api_key,
    new_token,
    same,
    split_api_key,
)


def test_tokens_are_long_and_never_the_same() -> None:
    made = {new_token("sbw_") for _ in range(100)}
    assert len(made) == 100
    assert all(token.startswith("sbw_") and len(token) == 47 for token in made)


def test_key_splits_into_what_is_stored() -> None:
    key = new_api_key()
    halves = split_api_key(key.whole)
    assert halves is not None
    assert (halves[0], hash_token(halves[1])) == (key.prefix, key.secret_hash)
    assert halves[1] not in key.secret_hash


@pytest.mark.parametrize(
    "whole",
    ["", "sb", "sb__", "sb_a_", "sb__b", "sb_a_b_c", "xx_a_b", "sbw_token", "sb_only"],
)
def test_other_forms_are_no_keys(whole: str) -> None:
    assert split_api_key(whole) is None


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("a", "a", True),
        ("a", "b", False),
        ("", "", True),
        ("余额", "余额", True),
        ("é", "e", False),
    ],
)
def test_comparison_takes_any_text(left: str, right: str, equal: bool) -> None:
    assert same(left, right) is equal


def test_keyed_hash_keeps_its_parts_apart() -> None:
    assert keyed_hash("k", "ab", "c") != keyed_hash("k", "a", "bc")
    assert keyed_hash("k", "a") != keyed_hash("other", "a")


def test_sealed_text_opens_under_its_key_only() -> None:
    sealed = Sealer("one secret key").seal("inbox secret")
    assert "inbox" not in sealed
    assert Sealer("one secret key").open(sealed) == "inbox secret"
    with pytest.raises(ValueError, match="another secret key"):
        Sealer("another secret key").open(sealed)


def test_password_verifies_against_its_own_hash_only() -> None:
    stored = hash_password("right")
    assert verify_password("right", stored)
    assert not verify_password("wrong", stored)
    assert not verify_password("right", None)
    assert not verify_password("right", "not a hash")
    assert not verify_password("\ud800", stored)


def test_phone_is_shown_by_its_ends() -> None:
    assert mask_phone("+353 85 555 0101") == "+353 •••• 0101"
