"""Fixtures of every test: real databases with migrations applied, a service, its callers."""

pytest_plugins = (
    "tests.fixtures.databases",
    "tests.fixtures.service",
    "tests.fixtures.callers",
    "tests.fixtures.browser",
    "tests.fixtures.own_model",
    "tests.fixtures.shared",
    "tests.fixtures.intent_models",
)
