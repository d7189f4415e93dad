"""Lines in the thread that say what happened to a handoff."""

ACTIVITY = {
    "requested": {
        "en": "A person has been asked to take over.",
        "zh": "已为您转接人工客服。",
    },
    "accepted": {"en": "{name} has joined the conversation.", "zh": "{name} 已加入会话。"},
    "released": {
        "en": "{name} has put the conversation back into the queue.",
        "zh": "{name} 已将会话放回排队。",
    },
    "transferred": {
        "en": "The conversation was passed to another team.",
        "zh": "会话已转交给其他团队。",
    },
    "returned": {
        "en": "{name} has left. The assistant answers again.",
        "zh": "{name} 已离开，智能助理将继续为您服务。",
    },
    "resolved": {"en": "The conversation was closed.", "zh": "会话已结束。"},
}


def activity(what: str, locale: str, **words: str) -> str:
    """The line in the conversation's language."""
    language = "zh" if locale.startswith("zh") else "en"
    return ACTIVITY[what][language].format(**words)
