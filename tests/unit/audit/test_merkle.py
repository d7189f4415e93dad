"""Merkle roots and proofs: published vectors, and forged proofs that must be refused."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audit.merkle import EMPTY_ROOT, inclusion_proof, merkle_root, verify_inclusion
from app.audit_trail import leaf_hash

# the test tree of RFC 6962 implementations
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(1, 9))
def test_root_agrees_with_the_published_tree(size: int) -> None:
    leaves = [leaf_hash(data) for data in INPUTS[:size]]
    assert merkle_root(leaves).hex() == ROOTS[size - 1]


def test_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert merkle_root([]) == EMPTY_ROOT == hashlib.sha256().digest()


def leaves_of(count: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(count)]


@given(st.integers(1, 300), st.data())
@settings(max_examples=300, deadline=None)
def test_every_leaf_is_proved(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(size)
    proof = inclusion_proof(leaves, index)
    root = merkle_root(leaves)
    assert verify_inclusion(leaves[index], index=index, size=size, proof=proof, root=root)


@given(st.integers(2, 200), st.data())
@settings(max_examples=500, deadline=None)
def test_a_forged_proof_is_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(size)
    proof, root, leaf = inclusion_proof(leaves, index), merkle_root(leaves), leaves[index]
    match data.draw(st.sampled_from(["bit", "drop", "add", "leaf", "index"])):
        case "bit":
            place = data.draw(st.integers(0, len(proof) - 1))
            proof[place] = bytes([proof[place][0] ^ 1]) + proof[place][1:]
        case "drop":
            proof.pop(data.draw(st.integers(0, len(proof) - 1)))
        case "add":
            proof.insert(data.draw(st.integers(0, len(proof))), leaf_hash(b"other"))
        case "leaf":
            leaf = leaf_hash(b"other")
        case _:
            index = (index + data.draw(st.integers(1, size - 1))) % size
    assert not verify_inclusion(leaf, index=index, size=size, proof=proof, root=root)


@pytest.mark.parametrize("index", [-1, 3], ids=["negative", "past-the-end"])
def test_a_leaf_outside_the_tree_has_no_proof(index: int) -> None:
    leaves = leaves_of(3)
    with pytest.raises(IndexError):
        inclusion_proof(leaves, index)
    root = merkle_root(leaves)
    assert not verify_inclusion(leaves[0], index=index, size=3, proof=[], root=root)
