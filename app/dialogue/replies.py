"""What the assistant says, per language. Money has a file of its own: `account_replies.py`."""

REPLIES: dict[str, dict[str, str]] = {
    "clarify_two": {
        "en": "I want to get this right. Is it about {first} or about {second}?",
        "zh": "为了准确帮到您，请问您想咨询的是“{first}”还是“{second}”？",
    },
    "clarify_one": {
        "en": "Just to be sure: is this about {first}?",
        "zh": "跟您确认一下：您想咨询的是“{first}”吗？",
    },
    "clarify_open": {
        "en": (
            "I am not sure that I understood. Could you put it in other words, or choose one of "
            "these? I can also bring in a person."
        ),
        "zh": "抱歉，我没有完全理解。您可以换一种说法，或从下面选择一项，也可以转接人工客服。",
    },
    "other_language": {
        "en": (
            "I am sorry, I speak English and Chinese only. Could you write in one of them? "
            "I can also bring in a person."
        ),
        "zh": "抱歉，我只能用中文和英文交流。您可以用其中一种语言再说一次，也可以转接人工客服。",
    },
    "talk_to_person": {"en": "Talk to a person", "zh": "转人工客服"},
    "handoff": {
        "en": "I am passing you to a colleague, who can see what you wrote. You need not repeat it.",
        "zh": "正在为您转接人工客服。您之前的内容客服可以看到，无需重复。",
    },
    "handoff.unclear": {
        "en": "I do not want to guess. A colleague takes over and can see what you wrote.",
        "zh": "为避免误解，我为您转接人工客服，您写的内容客服可以看到。",
    },
    "handoff.no_answer": {
        "en": (
            "I have no reliable answer to that in our help articles, so I am passing you to a "
            "colleague."
        ),
        "zh": "帮助中心里没有可靠的答案，我为您转接人工客服。",
    },
    "handoff.technical": {
        "en": "Something on our side went wrong. A colleague takes over; your message is safe.",
        "zh": "系统出现问题，已为您转接人工客服，您的消息已保存。",
    },
    "handoff.bank_unavailable": {
        "en": "I cannot reach the account system right now. A colleague takes over.",
        "zh": "暂时无法连接账户系统，已为您转接人工客服。",
    },
    "handoff.fraud": {
        "en": (
            "This comes first: our fraud team has been alerted and takes over here. Do not move any "
            "money and do not share any code. You can also ring +353 1 555 0100, day and night."
        ),
        "zh": (
            "请放心，我们优先处理：反欺诈团队已收到通知并将接手。请不要转账，也不要透露任何验证码。"
            "您也可以随时拨打 +353 1 555 0100，全天候服务。"
        ),
    },
    "handoff.self_harm": {
        "en": (
            "I am very sorry that you are feeling this way. You are not alone: a colleague is being "
            "called now. If you are in danger, please ring the emergency number 112 at once, or a "
            "crisis line near you."
        ),
        "zh": (
            "听到您这样说，我很难过。您并不孤单，正在为您联系同事。如果您有危险，请立即拨打紧急电话 112，"
            "或联系您身边的心理援助热线。"
        ),
    },
    "handoff.care": {
        "en": "Thank you for telling us. Our care team takes over from here.",
        "zh": "谢谢您告诉我们，客户关怀团队将为您服务。",
    },
    "handoff.complaints": {
        "en": "I am sorry. A colleague takes your complaint now and can see what you wrote.",
        "zh": "非常抱歉。同事将受理您的投诉，您写的内容他们可以看到。",
    },
    "blocked": {
        "en": (
            "I cannot follow instructions like that. I can help with your cards, accounts, payments "
            "and questions about the bank, or bring in a person."
        ),
        "zh": "我无法执行这样的指令。我可以协助处理银行卡、账户、转账等问题，或为您转接人工客服。",
    },
    "sign_in": {
        "en": (
            "To look at your own account I must know who you are. Please sign in to online banking "
            "on this page and ask again, or talk to a person."
        ),
        "zh": "查询您的账户需要先确认身份。请先在本页面登录网上银行后再问我，或转接人工客服。",
    },
    "sign_in.card": {
        "en": (
            "To block a card here I must know who you are: please sign in to online banking on this "
            "page and ask again. If that is not possible, ring +353 1 555 0100 now, day and night, "
            "or talk to a person here."
        ),
        "zh": (
            "在这里停用银行卡需要先确认身份：请在本页面登录网上银行后再告诉我。如果无法登录，"
            "请立即拨打 +353 1 555 0100（全天候），或在此转接人工客服。"
        ),
    },
    "nothing_changed": {
        "en": "All right, nothing was changed. What would you like me to do?",
        "zh": "好的，没有做任何更改。请问您需要我做什么？",
    },
    "request_cancelled": {
        "en": "All right, I will not {purpose}.",
        "zh": "好的，不再{purpose}。",
    },
    "offer_to_go_on": {
        "en": "Shall I go on now and {purpose}?",
        "zh": "要现在继续{purpose}吗？",
    },
    "code_still_open": {
        "en": "To {purpose}, enter the code that I sent you; or ask me for a new one.",
        "zh": "如需{purpose}，请填写已发送的验证码，也可以让我重新发送。",
    },
    "set_aside": {
        "en": "I have set your wish to {purpose} aside for now. Ask me again whenever you like.",
        "zh": "我先不{purpose}，需要时请再告诉我。",
    },
    "go_on": {"en": "Yes, go on", "zh": "好的，继续"},
    "leave_it": {"en": "No, leave it", "zh": "不用了"},
    "part_later": {
        "en": "After that, I can go on and {purpose}.",
        "zh": "之后我可以继续为您{purpose}。",
    },
    "part_same": {
        "en": "The same goes for {label}.",
        "zh": "“{label}”也是如此。",
    },
    "part_unanswered": {
        "en": "About {label} I have no reliable answer. I can bring in a colleague for that.",
        "zh": "关于“{label}”我没有可靠的答案，可以为您转接人工客服。",
    },
    "part_unclear": {
        "en": "You also wrote: is that about {label}? Please ask me about it again after this.",
        "zh": "您还提到的内容，是想咨询“{label}”吗？处理完这一项后请再告诉我。",
    },
    "part_for_person": {
        "en": "My colleague also sees what you asked about {labels}.",
        "zh": "您提到的“{labels}”，客服同事也会看到。",
    },
    "nothing_changed_so_far": {
        "en": "All right, nothing was changed.",
        "zh": "好的，没有做任何更改。",
    },
    "which_first": {
        "en": "You asked me several things at once. I take them one after the other: which comes first?",
        "zh": "您一次提出了多个问题，我会逐一处理。请问先处理哪一个？",
    },
    "code_not_accepted": {
        "en": (
            "I cannot use a code here. Please enter it in the field below my message, or ask for a "
            "new one; it is valid for a few minutes only."
        ),
        "zh": "验证码无法在这里使用。请在上方消息下面的输入框中填写，或重新获取；验证码几分钟内有效。",
    },
    "step_up": {
        "en": (
            "To {purpose} I need to be sure that it is you. I have sent a one-time code to {sent_to}; "
            "please enter it in the field below. Never share it with anyone who calls you."
        ),
        "zh": (
            "为了{purpose}，需要确认是您本人。验证码已发送至 {sent_to}，请在下方输入框中填写，"
            "切勿告诉任何来电者。"
        ),
    },
    "too_many_codes": {
        "en": "Too many codes were requested in this chat. A colleague takes over.",
        "zh": "本次会话请求验证码次数过多，已为您转接人工客服。",
    },
}

TOPICS = ("balance_inquiry", "card_lost", "card_declined", "transfer_time", "account_fees")


def say(key: str, language: str, **words: str) -> str:
    """The reply in the customer's language."""
    return REPLIES[key]["zh" if language == "zh" else "en"].format(**words)
