"""The fixed words of the console, by key and language. Knows nothing of the conversation."""

from string import Template

WORDS = {
    "demo": {
        "en": "This data folder is empty, so the demo shop is loaded into it, once. Your own files will replace it.",
        "zh": "数据文件夹是空的，先装入演示店铺（只装一次）。导入您自己的文件后，演示店铺会自动移除。",
    },
    "greeting": {
        "en": "$shop: you are a customer. Ask away; /help has the rest, /quit ends.",
        "zh": "$shop：您现在是顾客，直接提问就好。/help 看用法，/quit 退出。",
    },
    "empty": {
        "en": "There is no data yet: run `marketeer ingest` with your files.",
        "zh": "还没有数据：请用 `marketeer ingest` 导入您的文件。",
    },
    "try": {"en": "Try:", "zh": "试试："},
    "help": {
        "en": """\
Just write. Then:
/as marketer, /as customer, /as C12   who you are (C12: a customer's id)
/facts      what the last answer stands on
/why        how it was decided
/copy PRODUCT CHANNEL [N]   ad copy, for marketers; a name of several words: /copy Name | channel
/followup C12               a draft to one customer, for marketers
/quit       the end""",
        "zh": """\
直接说就好。另外：
/as marketer、/as customer、/as C12   切换身份（C12 是顾客编号）
/facts      上一条回答依据哪些资料
/why        上一条回答是怎么得出的
/copy 商品 渠道 [数量]    写广告文案（营销人员用）；名称里有空格时：/copy 名称 | 渠道
/followup C12             给一位顾客写跟进草稿（营销人员用）
/quit       退出""",
    },
    "now": {"en": "You are now $who.", "zh": "您现在的身份：$who。"},
    "customer": {"en": "a customer the shop doesn't know", "zh": "未登记的顾客"},
    "marketer": {"en": "a marketer of this shop", "zh": "本店营销人员"},
    "known": {"en": "the customer $name", "zh": "顾客 $name"},
    "as_usage": {
        "en": "Say who: /as marketer, /as customer, or /as and a customer's id.",
        "zh": "请说明身份：/as marketer、/as customer，或 /as 加顾客编号。",
    },
    "no_customer": {"en": "There is no customer $who.", "zh": "没有编号为 $who 的顾客。"},
    "staff_only": {
        "en": "That is for marketers: say /as marketer first.",
        "zh": "这是营销人员的功能，请先输入 /as marketer 。",
    },
    "copy_usage": {
        "en": "Tell me the product and the channel: /copy TP-01 instagram, or /copy Blue teapot | google_ads | 4",
        "zh": "请写明商品和渠道：/copy TP-01 xiaohongshu，或 /copy 青花茶壶 | wechat | 4",
    },
    "followup_usage": {"en": "Which customer? /followup C12", "zh": "给哪位顾客？例如 /followup C12"},
    "unknown": {
        "en": "There is no command $command; /help lists them.",
        "zh": "没有 $command 这个命令，/help 里有全部命令。",
    },
    "nothing_yet": {"en": "There is no answer yet.", "zh": "还没有回答。"},
    "no_facts": {"en": "The last answer used no facts.", "zh": "上一条回答没有用到资料。"},
    "stopped": {"en": "(stopped)", "zh": "（已停止）"},
    "bye": {"en": "Bye!", "zh": "再见！"},
    "why": {
        "en": "$verdict\nI took it for: $intent. Feeling: $sentiment ($score).",
        "zh": "$verdict\n理解为：$intent。情绪：$sentiment（$score）。",
    },
    "no_claims": {"en": "It claims nothing that could be checked.", "zh": "没有需要核对的说法。"},
    "objections": {"en": "Other wordings did not leave:", "zh": "未采用的措辞："},
    "variant": {"en": "Variant $number: $verdict.", "zh": "第 $number 版：$verdict。"},
    "column_claim": {"en": "claim", "zh": "说法"},
    "column_place": {"en": "place", "zh": "位置"},
    "column_kind": {"en": "kind", "zh": "类型"},
    "column_result": {"en": "result", "zh": "结果"},
    "column_rule": {"en": "rule", "zh": "依据的规则"},
    "column_source": {"en": "fact", "zh": "资料"},
    "times": {"en": "Milliseconds: $times. Tokens: $tokens.", "zh": "耗时（毫秒）：$times。词元：$tokens。"},
    "draft": {"en": "(a draft; nothing was sent)", "zh": "（草稿，未发送）"},
}

VERDICTS = {
    "allow": {"en": "The words passed every check as they were written.", "zh": "文字一次通过全部检查。"},
    "rewrite": {
        "en": "The first wording had something the facts don't say, so it was written again.",
        "zh": "第一稿有资料里没有的内容，已经重写。",
    },
    "extractive": {"en": "The shop's own row was quoted.", "zh": "直接引用了店里的资料。"},
    "unknown": {
        "en": "No fact answers this, so nothing was claimed; the question is kept for the marketers.",
        "zh": "没有资料能回答，因此没有作答；问题已留给营销人员。",
    },
    "handoff": {"en": "A person should take this one.", "zh": "这件事需要人工处理。"},
    "refused": {"en": "This is not for the one who asks.", "zh": "提问的人无权得到这个答案。"},
}

LABELS_ZH = {
    "product_question": "商品问题",
    "order_question": "订单问题",
    "policy_question": "政策问题",
    "small_talk": "闲聊",
    "complaint": "投诉",
    "wants_human": "要找人工",
    "opt_out": "退订",
    "copy_request": "写文案",
    "follow_up_request": "写跟进",
    "report_request": "看数据",
    "feedback": "反馈",
    "unsafe": "不当请求",
    "negative": "负面",
    "neutral": "中性",
    "positive": "正面",
}


def named(label: str, language: str) -> str:
    """An intent or a sentiment in words."""
    plain = label.replace("_", " ")
    return LABELS_ZH.get(label, plain) if language == "zh" else plain


def say(key: str, language: str, **values: object) -> str:
    """The words, as plain text. Raises KeyError for an unknown key or a missing value."""
    return Template(WORDS[key]["zh" if language == "zh" else "en"]).substitute(values)
