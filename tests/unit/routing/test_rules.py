"""What must never be missed, and what sounds like it but is not, in two languages."""

import pytest

from routing.rules import RULES, match

POSITIVE = {
    ("card_stolen", "en"): """
        my card was stolen
        My wallet has been stolen on the train
        someone stole my debit card
        Somebody nicked my purse an hour ago
        i was mugged last night
        We got robbed at the market
        pickpocketed in the metro, cards gone
        my handbag was snatched outside the shop
        report a stolen card
        a thief took my wallet
        my credit card got stollen
        theft of my bank card
        They ripped my bag off the chair, my bag was stolen
        My husband was robbed and his cards are gone
        my bag and wallet were stolen at the beach
        the burglars took my cards
        I don't know if my card was stolen or what, but a thief has my wallet
        someone stol my card
        my card was stoeln on the bus
        my card is gone, I think somebody took it
        My wallet is missing. I think someone has taken it
        my wallet got stolenn
        my card has been stolne
        somebody stoel my purse
        """,
    ("card_stolen", "zh"): """
        我的卡被偷了
        钱包被偷了
        錢包被偷了，卡都在裡面
        银行卡被人偷走了
        包被抢了，卡在里面
        小偷拿走了我的钱包
        有人偷了我的信用卡
        在地铁上被扒手偷了钱包
        信用卡被盗了
        我的卡被小偷摸走
        刚才被抢了包
        遭贼了，银行卡也没了
        背包被偷，里面有卡
        我的銀包畀人偷咗
        劫匪抢走了我的卡
        室友偷拿了我的银行卡
        我卡被投了
        钱包被人投了
        """,
    ("fraud_report", "en"): """
        I've been scammed
        I think I was scammed by a website
        there is a fraudulent payment on my account
        I see an unauthorised transaction
        I want to report fraud
        I never made this payment
        I don't recognise this transaction
        there's a charge I did not authorize
        someone is using my card details
        somebody is spending my money right now
        my card was cloned
        I am a victim of a scam
        a man asked me to pay into a safe account
        unknown transactions keep appearing
        my mother was tricked into sending money
        they took money from my account without my permission
        i got scamed
        I just gave my one time code to a caller
        I just shared my verification code with someone who rang me
        I gave a stranger my code
        I read out my code to a man on the phone
        someone has my pin
        I clicked a link, and entered my password
        a woman called and I told her my pin
        I have given my password to a scammer
        they know my password
        I sent him the code
        I read my one-time code out over the phone
        a caller tricked me into sharing my otp
        """,
    ("fraud_report", "zh"): """
        我被骗了
        我的卡被盗刷了
        信用卡被盜刷，快處理
        我遇到诈骗了
        有人在用我的卡消费
        这笔交易不是我做的
        有一笔不明扣款
        账户里有陌生的交易
        骗子让我转账了
        我妈被电话诈骗了
        我要举报诈骗
        让我转到安全账户
        钱被人转走了
        遭遇杀猪盘
        未经授权的交易
        有人冒用我的信息，用我的账户付款
        验证码给别人了怎么办
        我把密码告诉了一个打电话来的人
        我点了链接还填了密码
        我点了链接，还填了密码
        验证码被骗走了
        我告诉骗子验证码了
        我把验证码发给了对方
        有人知道我的密码
        驗證碼給別人了
        """,
    ("account_takeover", "en"): """
        someone has hacked my account
        my account was hacked
        My online banking has been hacked
        somebody logged into my account
        a hacker has access to my app
        someone changed my password
        Somebody else is in my account
        unknown login on my account
        there is a device I don't recognise in the app
        i got hacked
        my sim was swapped
        I am a victim of sim swapping
        a stranger got into my online banking
        my phone has been hijacked
        someone logged in as me
        my acount got hacked
        """,
    ("account_takeover", "zh"): """
        我的账户被盗号了
        有人登录了我的账户
        我的账号被黑了
        帳戶被別人登入了
        有人改了我的密码
        黑客进了我的网银
        收到异地登录提醒
        陌生设备登录了我的手机银行
        我的SIM卡被人补办了
        登录密码被人改了
        手机银行被别人登录
        不是我登录的
        手机号被别人换了
        我的手机被人远程控制了
        别人进入了我的网上银行账户
        """,
    ("self_harm", "en"): """
        I do not wabt to lkve any more
        i dont want 2 live any more
        I want to kill mysefl
        don't wnat to liev
        I want to kill myself
        i am going to kill my self
        I want to end my life
        thinking about suicide
        i feel suicidal
        I just want to die
        I wish I was dead
        I don't want to live anymore
        there is no reason to live
        I have nothing left to live for
        i keep hurting myself
        I will jump off a bridge
        I can't go on like this
        everyone is better off without me, I'd be better off dead
        sucidal thoughts because of my debts
        I will end it all tonight
        i cant take it anymore
        I can't take it any more.
        i lost my job and i cant take it anymore
        """,
    ("self_harm", "zh"): """
        我想自杀
        我不想活了
        我活不下去了
        真的想死
        我想结束自己的生命
        活着没意思
        我想輕生
        生无可恋
        死了算了
        不如死了
        我要跳楼
        我想割腕
        已经写好遗书了
        一死了之吧
        我想伤害自己
        撑不下去了
        我快撑不住了
        我真的撑不下去了，欠了太多钱
        不想活了
        """,
    ("speak_to_human", "en"): """
        a human please
        agent
        representative
        I want to speak to a person
        can I talk to a real person
        connect me to an agent
        put me through to someone
        transfer me to an advisor
        let me speak with a human being
        get me a manager
        I need a human
        live agent please
        human!!!
        give me a representative
        can i chat with someone from your team
        hand me over to a live agent
        i wanna speak to an operater
        humam please
        give me an agnet
        real preson plz
        no bots
        no bots please
        I want to talk to a humna
        connect me to an agentt
        no robots
        hmuan
        """,
    ("speak_to_human", "zh"): """
        转人工
        轉人工
        人工客服
        我要人工
        请转人工服务
        找人工客服
        我要和真人说话
        帮我转真人
        人工
        接线员
        帮我转个活人
        我想和专员沟通
        麻烦转接客服人员
        叫你们经理来
        有没有真人
        我不要机器人，给我接人工
        """,
}
NEGATIVE = {
    ("card_stolen", "en"): """
        my card was not stolen, it just expired
        My card wasn't stolen
        what happens if my card is stolen?
        how do I protect my card from being stolen
        does the insurance cover a stolen wallet
        I lost my card
        the machine kept my card
        your fees are daylight robbery
        my card was declined
        in case my wallet gets stolen, what should I do
        nobody stole my card
        I never said my card was stolen
        I lifted the limit on my card
        a film about a bank robbery
        I took my card back from the machine
        can I add my card to my wallet
        do you charge for replacing a stolen card
        is there a fee for a stolen card
        how much does it cost to replace a stolen card
        my card was not stolen, I found it
        my card wasnt stolen I found it
        my card has a tolen mark
        someone store my card
        how do I store my card in the app
        """,
    ("card_stolen", "zh"): """
        我的卡没有被偷，只是过期了
        卡不是被偷的
        如果卡被偷了怎么办
        万一钱包被偷怎么挂失
        怎么防止银行卡被盗
        我抢购成功了，用信用卡付款
        卡丢了
        抢红包用什么卡
        银行卡过期了
        保险赔被偷的包吗
        取款机吞卡了
        买面包能刷卡吗
        卡被锁了
        卡被拒了
        我想偷偷办一张卡给老婆
        卡没被偷，找到了
        信用卡被投诉了
        我的钱被投到基金了
        """,
    ("fraud_report", "en"): """
        I was not scammed
        how do I protect myself from fraud
        what should I do if I get scammed
        I can't make a transfer
        when will my payment arrive
        what is the fee for transactions abroad
        how does the fraud team work
        can my son use my card
        I made a payment yesterday
        I want to make a purchase
        is there a limit on transactions
        how can I prevent fraud
        I have not been scammed
        where do I see my transactions
        this is not a scam, I know the shop
        should I give my code to someone who calls
        never share my code with someone
        can I give my pin to my wife
        I never gave my pin to anyone
        I gave my pin to my wife
        should I read my code to a caller
        I did not share my code with a stranger
        I entered my pin and it was wrong
        what if someone has my pin
        can I share my card details with someone
        how long do I have to report fraud
        what is the deadline for reporting fraud
        """,
    ("fraud_report", "zh"): """
        我没有被骗
        如何防范诈骗
        怎么识别诈骗短信
        什么是电信诈骗
        如果被骗了怎么办
        我要转账给妈妈
        这笔交易什么时候到账
        卡没被盗刷
        避免被盗刷要做什么
        消费有积分吗
        可以授权别人用我的账户吗
        怎么查交易记录
        信用卡还款
        会不会被骗
        交易限额是多少
        不要把验证码告诉别人
        可以把密码给别人吗
        我没把密码告诉别人
        我没有把验证码给别人
        如果验证码给了别人怎么办
        密码发给我了吗
        验证码可以告诉客服吗
        我点了链接没有反应
        """,
    ("account_takeover", "en"): """
        can someone else use my card abroad?
        can someone else use my account?
        I want to give my wife access to my account
        how do I log in to my account
        my account was not hacked
        what if someone hacks my account
        I changed my password
        I got a new phone
        I forgot my password
        how can I protect my account from hackers
        can my accountant access my account
        I can't log in to my app
        any life hacks for saving money
        where is the login button
        add my husband to my account
        """,
    ("account_takeover", "zh"): """
        怎么登录手机银行
        我的账户没有被盗
        如果账户被盗怎么办
        我想修改密码
        怎么授权家人登录我的账户
        换了新手机怎么登录
        登录不了网银
        忘记密码了
        如何防止账号被盗
        新设备登录需要什么步骤
        账户被冻结了
        账号是多少
        手机号怎么修改
        可以让老婆用我的账户吗
        指纹登录怎么开通
        """,
    ("self_harm", "en"): """
        I don't want live chat, just an answer
        I do not want to lie any more about my income
        i don't want to leave the bank
        this app is killing me
        the fees are killing me
        that was financial suicide
        I could die of laughter
        your coffee is to die for
        I don't want to live in Spain
        kill the standing order
        when does my card die
        how do I end my contract
        I cut my card in half
        deadline for the tax return
        my phone died
        I'm dying to know the rate
        suicide squad tickets were charged twice
        I am not going to kill myself over a fee
        life insurance suicide clause
        i cant take it anymore, the app crashes
        """,
    ("self_harm", "zh"): """
        急死我了
        笑死我了
        跳楼价的贷款
        想死你们了
        我要注销账户
        累死了
        这手续费要命
        我想活期转定期
        卡被吞了烦死了
        热死了
        我不想办卡了
        想结束合同
        电影自杀小队的票
        死期存款利率多少
        活期利率
        不想活期，想定期
        我想死期存款
        手机电池撑不住了
        """,
    ("speak_to_human", "en"): """
        is the human resources department hiring
        can someone else use my card abroad?
        I don't want to talk to a human
        I spoke to an agent yesterday
        pay my estate agent
        send money to someone
        are you a human?
        transfer money to a real person
        do I need to speak to a representative to change my pin?
        what are your opening hours
        can a person have two accounts
        how many people work there
        no need to transfer me to an agent
        my letting agent wants a reference
        give money to my friend
        I don't want a person, just tell me the fee
        someone humane would not charge this much for a card
        what is on the agenda for the annual meeting
        can a bank send you to prison for a debt
        give me a persona
        can I transfer money to Hunan
        give me the agents' list
        """,
    ("speak_to_human", "zh"): """
        人工智能贷款是什么
        不用转人工
        不要转人工
        你是真人吗
        人工客服电话是多少
        人工服务几点上班
        转账给别人
        人工费怎么付
        我要转账
        客服电话
        手工费是多少
        转给我妈的钱没到
        不需要人工
        你是机器人吗
        人民币汇率
        不用转人工，告诉我手续费就行
        """,
}
INTENTS = {intent for intent, _ in POSITIVE}


def _table(cases: dict[tuple[str, str], str]) -> list[object]:
    """One named case per line of a block."""
    return [
        pytest.param(line.strip(), language, intent, id=f"{intent}-{language}-{number}")
        for (intent, language), block in cases.items()
        for number, line in enumerate(block.strip().splitlines(), start=1)
    ]


@pytest.mark.parametrize(("text", "language", "intent"), _table(POSITIVE))
def test_rule_fires(text: str, language: str, intent: str) -> None:
    found = match(text, language)

    assert found is not None
    assert (found.name, found.intent) == (intent, intent)


@pytest.mark.parametrize(("text", "language", "intent"), _table(NEGATIVE))
def test_no_rule_fires(text: str, language: str, intent: str) -> None:
    assert match(text, language) is None


@pytest.mark.parametrize("cases", [POSITIVE, NEGATIVE], ids=["positive", "negative"])
def test_every_rule_has_enough_cases_in_both_languages(cases: dict[tuple[str, str], str]) -> None:
    assert {rule.intent for rule in RULES} == INTENTS
    assert set(cases) == {(intent, language) for intent in INTENTS for language in ("en", "zh")}
    assert all(len(block.strip().splitlines()) >= 15 for block in cases.values())


@pytest.mark.parametrize(
    ("text", "language", "intent"),
    [
        pytest.param("my card was stolen 帮帮我", "zh", "card_stolen", id="english-in-chinese"),
        pytest.param("please help 我的卡被偷了", "en", "card_stolen", id="chinese-in-english"),
        pytest.param("ＭＹ ＣＡＲＤ ＷＡＳ ＳＴＯＬＥＮ", "en", "card_stolen", id="full-width"),
        pytest.param("I want a human, I want to die", "en", "self_harm", id="gravest-first"),
        pytest.param(
            "it was not stolen. Wait, my card was stolen", "en", "card_stolen", id="clause"
        ),
    ],
)
def test_mixed_messages(text: str, language: str, intent: str) -> None:
    found = match(text, language)

    assert found is not None
    assert found.intent == intent


@pytest.mark.parametrize("text", ["", " ", "?!", "\ud800"])
def test_empty_and_odd_texts_match_nothing(text: str) -> None:
    assert match(text, "en") is None
