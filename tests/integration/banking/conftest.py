"""These tests share one running service: each works in conversations of its own."""

import pytest

from tests.fixtures.service import Service


@pytest.fixture
def service(shared_service: Service) -> Service:
    return shared_service
