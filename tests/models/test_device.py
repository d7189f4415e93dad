"""Device, seeds and threads."""

import numpy as np
import pytest
import torch

from models.device import choose_device, prepare_cpu, seed_everything


def test_a_named_device_is_taken() -> None:
    assert choose_device("cpu") == torch.device("cpu")


@pytest.mark.parametrize(("has_cuda", "wanted"), [(True, "cuda"), (False, "cpu")])
def test_auto_takes_cuda_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch, has_cuda: bool, wanted: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: has_cuda)

    assert choose_device().type == wanted


def test_a_seed_repeats_chance() -> None:
    seed_everything(7)
    first = (np.random.random(), torch.rand(1).item())
    seed_everything(7)

    assert (np.random.random(), torch.rand(1).item()) == first


def test_threads_follow_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    before = torch.get_num_threads()
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    prepare_cpu()
    assert torch.get_num_threads() == 1

    prepare_cpu(before)
    assert torch.get_num_threads() == before
