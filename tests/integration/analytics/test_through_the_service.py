"""What the dialogue writes is what the reports, the results and the metrics show."""

from tests.fixtures.callers import Api


def test_a_conversation_is_counted(crm: Api, anonymous: Api) -> None:
    experiment = {
        "key": "margin",
        "hypothesis": "Asking less often is better.",
        "unit": "conversation",
        "variants": [{"key": "control"}, {"key": "less", "overrides": {"routing.margin": 0.01}}],
        "primary_metric": "handoff_rate",
    }
    assert crm.post("/v1/experiments", experiment).status_code == 201
    assert crm.post("/v1/experiments/margin/start").status_code == 200

    thread = crm.open_conversation(channel="crm")
    crm.say(thread, "hello")
    crm.say(thread, "How do I activate my card?")
    assert crm.post(f"/v1/conversations/{thread}/handoff").status_code in (200, 201)

    summary = crm.get("/v1/analytics/summary").json()
    assert (summary["conversations"], summary["turns"], summary["handoffs"]) == (1, 2, 1)
    rows = crm.get("/v1/analytics/handoffs?group_by=intent").json()["rows"]
    assert [(row["key"], row["conversation_ids"]) for row in rows] == [
        ("card_activation", [thread])
    ]
    variants = crm.get("/v1/experiments/margin/results").json()["variants"]
    assert sum(variant["units"] for variant in variants) == 1
    assert sum(variant["conversations"] for variant in variants) == 1
    assert crm.get("/v1/analytics/latency").json()["rows"]

    metrics = anonymous.get("/metrics").text
    assert "switchboard_database_up 1.0" in metrics
    assert 'method="GET",route="/analytics/summary",status="200"' in metrics
    assert crm.post("/v1/audit/verify").json()["ok"]
