"""A service with people of every role, and what editors look at in it."""

from collections.abc import Callable

import pytest

from app.auth.passwords import hash_password
from app.db.people import StaffRecord
from tests.fixtures.callers import Api, staff_api
from tests.fixtures.service import Service

Hire = Callable[[str, str], Api]


@pytest.fixture
def hire(service: Service) -> Hire:
    """A member of staff with a role, signed in."""

    def person(name: str, role: str) -> Api:
        email, password = f"{name.lower()}@example.com", f"a good password of {name}"
        with service.parts.database.write() as session:
            session.add(
                StaffRecord(
                    email=email, name=name, role=role, password_hash=hash_password(password)
                )
            )
        service.credentials[name] = {"email": email, "password": password}
        return staff_api(service, name)

    return person


@pytest.fixture
def editor(hire: Hire) -> Api:
    return hire("Ed", "editor")


@pytest.fixture
def supervisor(hire: Hire) -> Api:
    return hire("Sue", "supervisor")


@pytest.fixture
def auditor(hire: Hire) -> Api:
    return hire("Aud", "auditor")
