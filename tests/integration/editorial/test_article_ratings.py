"""What customers made of an article, version by version."""

from typing import Any

import pytest

from tests.fixtures.callers import Api
from tests.fixtures.service import Service
from tests.integration.editorial.support import ask, publish, rate


def read(api: Api, document_id: str) -> dict[str, Any]:
    answer = api.get(f"/v1/knowledge/documents/{document_id}/ratings")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_citations_thumbs_and_csat_are_counted_by_version(
    service: Service, customer: Api, editor: Api
) -> None:
    up, reply = ask(customer)
    document_id = reply["citations"][0]["document_id"]
    rate(customer, up, reply["id"], helpful=True)
    again = customer.say(up, "And how do I activate my second card?")["reply"]
    rate(customer, up, again["id"], helpful=False)
    other, _ = ask(customer)
    for conversation, rating in ((up, 5), (other, 2)):
        customer.post(f"/v1/conversations/{conversation}/feedback", {"rating": rating})
    report = read(editor, document_id)
    assert report["title"] == "Activate your card"
    (version,) = report["versions"]
    assert (version["version"], version["cited"]) == (1, 3)
    assert (version["helpful"], version["not_helpful"]) == (1, 1)
    share = version["share_helpful"]
    assert (share["value"], share["n"]) == (0.5, 2)
    # Wilson's interval of 1 in 2
    assert (share["low"], share["high"]) == (
        pytest.approx(0.0945, abs=1e-3),
        pytest.approx(0.9055, abs=1e-3),
    )
    # two conversations, however often one of them cites it
    assert version["csat"] == {"mean": 3.5, "n": 2}


def test_an_article_that_nobody_cited_has_no_versions_to_show(
    service: Service, editor: Api
) -> None:
    document_id = publish(service, title="Fees", body="Four euros a month.")
    assert read(editor, document_id)["versions"] == []


def test_a_cited_version_without_ratings_has_no_share(customer: Api, editor: Api) -> None:
    _, reply = ask(customer)
    (version,) = read(editor, reply["citations"][0]["document_id"])["versions"]
    assert (version["cited"], version["share_helpful"], version["csat"]) == (1, None, None)
