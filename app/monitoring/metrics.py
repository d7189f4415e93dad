"""Every metric that this process counts, declared once. Labels are few and closed: never an id."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0)
STAGES = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 20.0)

HTTP_REQUESTS = Counter(
    "switchboard_http_requests_total",
    "Requests answered, by route template.",
    ["method", "route", "status"],
    registry=REGISTRY,
)
HTTP_SECONDS = Histogram(
    "switchboard_http_request_seconds",
    "Time to answer a request.",
    ["route"],
    buckets=SECONDS,
    registry=REGISTRY,
)
TURN_SECONDS = Histogram(
    "switchboard_turn_seconds",
    "From a customer message to its ending.",
    ["route", "outcome"],
    buckets=SECONDS,
    registry=REGISTRY,
)
STAGE_SECONDS = Histogram(
    "switchboard_stage_seconds",
    "Time in one step of a turn.",
    ["stage"],
    buckets=STAGES,
    registry=REGISTRY,
)
HANDOFFS = Counter(
    "switchboard_handoffs_total",
    "Conversations given to people.",
    ["reason"],
    registry=REGISTRY,
)
FILTER_ACTIONS = Counter(
    "switchboard_filter_actions_total",
    "What the content filter did with a message.",
    ["action"],
    registry=REGISTRY,
)
GENERATION_REQUESTS = Counter(
    "switchboard_generation_requests_total",
    "Requests to the generator.",
    ["outcome"],
    registry=REGISTRY,
)
WEBSOCKETS = Gauge(
    "switchboard_websocket_connections",
    "Open sockets of this process.",
    registry=REGISTRY,
)
INTENT_MODEL = Gauge(
    "switchboard_intent_model_info",
    "1 for the checkpoint that is live in this process.",
    ["version"],
    registry=REGISTRY,
)
INTENT_MODEL_SWAPS = Counter(
    "switchboard_intent_model_swaps_total",
    "Times that another checkpoint went live in this process.",
    registry=REGISTRY,
)
INTENT_MODEL_REFUSALS = Counter(
    "switchboard_intent_model_refusals_total",
    "Checkpoints that this process refused to serve.",
    registry=REGISTRY,
)
INTENT_MODEL_FALLBACKS = Counter(
    "switchboard_intent_model_fallbacks_total",
    "Requests that a variant's checkpoint could not serve: the live one did.",
    registry=REGISTRY,
)
ROUTER_REJECTIONS = Counter(
    "switchboard_router_rejections_total",
    "Calls refused because too many utterances waited for the intent model.",
    registry=REGISTRY,
)
SHADOW_DECISIONS = Counter(
    "switchboard_shadow_decisions_total",
    "Decisions offered to the shadow checkpoint: agreed, differed, dropped, failed.",
    ["result"],
    registry=REGISTRY,
)
