"""Invents the customers of the demo shop; it knows nothing of what they buy or click.

Identity (id, name, language, time zone, taste segment, birthday) is fixed for
each id, so that the hand-written reviews always meet the same person; only
loyalty, joining date and consent follow the generator's seed.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

FIRST_ID = 1001
SEGMENTS = ("gongfu", "everyday", "coffee", "home", "evening")
MAINSTAYS = ("C1001", "C1002")

_EN_NAMES = (
    "Hannah Brook;Tom Aldridge;Ines Moreau;Jakob Lindqvist;Clara Voss;Peter Novak;Aoife Brennan;"
    "Matteo Ricci;Greta Sommer;Daniel Okafor;Sophie Laurent;Emil Hartung;Nora Keller;Luca Bianchi;"
    "Maeve Doyle;Felix Arendt;Elena Petrova;Oscar Nyberg;Julia Steiner;Ruth Hadley;Marek Zielinski;"
    "Anna Kovac;Simon Achterberg;Leila Haddad;Paul Wegener;Ida Holm;Victor Dumas;Kathrin Ebert;"
    "Sean Gallagher;Marta Oliveira;Ben Whitlock;Lotte de Vries;Jonas Reuter;Camille Roux;Eva Horvat;"
    "Henry Marsh;Tilda Berg;Nico Albrecht;Priya Raman;Otto Lang;Fiona Carey;Rafael Duarte;Lena Pohl;"
    "Isaac Thorne;Silvia Conti;Mark Janssen;Zoe Lambert;Karl Ostrow;Amelie Fuchs;David Cohen;"
    "Bridget Nolan;Stefan Huber;Mina Sato;Theo Martens;Alice Fairley;Georg Winkler;Yara Mansour;"
    "Louis Perrin;Frieda Blum;Edward Xu"
)

_ZH_NAMES = (
    "林悦 lin.yue;陈子墨 chen.zimo;王思齐 wang.siqi;赵清越 zhao.qingyue;李知远 li.zhiyuan;周念 zhou.nian;"
    "吴若溪 wu.ruoxi;郑佳禾 zheng.jiahe;孙亦凡 sun.yifan;徐静姝 xu.jingshu;马晓川 ma.xiaochuan;朱颜 zhu.yan;"
    "胡嘉树 hu.jiashu;郭晚晴 guo.wanqing;何一诺 he.yinuo;高远舟 gao.yuanzhou;罗漫 luo.man;梁书白 liang.shubai;"
    "宋知夏 song.zhixia;唐小满 tang.xiaoman;许安然 xu.anran;韩青 han.qing;冯一帆 feng.yifan;邓可心 deng.kexin;"
    "曹雨桐 cao.yutong;彭立 peng.li;曾怡宁 zeng.yining;肖鹤鸣 xiao.heming;田禾 tian.he;董春晓 dong.chunxiao;"
    "潘越 pan.yue;袁梦洁 yuan.mengjie;蒋文博 jiang.wenbo;蔡子衿 cai.zijin;余笙 yu.sheng;杜若 du.ruo;"
    "叶知秋 ye.zhiqiu;程朗 cheng.lang;魏来 wei.lai;苏芮 su.rui;吕思源 lv.siyuan;丁一 ding.yi;任嘉怡 ren.jiayi;"
    "沈南风 shen.nanfeng;姚远 yao.yuan;卢冰 lu.bing;傅明月 fu.mingyue;钟灵 zhong.ling;姜海 jiang.hai;"
    "崔璨 cui.can;谭笑 tan.xiao;陆鸣 lu.ming;汪洋 wang.yang;范晓萱 fan.xiaoxuan;金予安 jin.yuan;石磊 shi.lei;"
    "廖欣怡 liao.xinyi;贾楠 jia.nan;夏禾 xia.he;方圆 fang.yuan"
)

_EN_ZONES = ("Europe/Berlin",) * 6 + (
    "Europe/Vienna", "Europe/Dublin", "Europe/Amsterdam", "Europe/Paris", "Europe/Stockholm",
)  # fmt: skip
_ZH_ZONES = ("Asia/Shanghai",) * 5 + ("Europe/Berlin",) * 4 + ("Asia/Hong_Kong", "Europe/Paris")

_NOTES = {
    "en": (
        "Prefers letters to phone calls.", "Came to the March workshop.", "Collects green glazes.",
        "Leaves parcels with the neighbour, second floor.", "Asked about decaf twice.",
        "Buys presents for the whole office in December.", "Does not like smoky teas.",
    ),
    "zh": (
        "希望周末收货。", "来过三月的茶会。", "喜欢青瓷和建盏。", "请勿电话，微信联系。",
        "春节前会买一批茶礼。", "不喜欢焙火重的茶。", "常给父母寄到苏州。",
    ),
}  # fmt: skip
_INTERESTS = {
    "gongfu": ("gongfu", "oolong", "puer"),
    "everyday": ("black-tea", "green-tea", "teaware"),
    "coffee": ("coffee", "pour-over"),
    "home": ("gifts", "home", "candles"),
    "evening": ("caffeine-free", "herbal"),
}


@dataclass
class Person:
    """One customer; `segment` and `loyalty` are latent and are never written to a file."""

    customer_id: str
    name: str
    email: str
    language: str
    timezone: str
    segment: str
    loyalty: float
    joined: datetime
    birthday: date | None
    tags: str
    notes: str
    phone: str = ""
    consent: bool = False
    consent_at: datetime | None = None


def build(rng: Random, *, start: date, today: date) -> list[Person]:
    """Return 120 people, C1001 to C1120; odd ids speak English and even ids Chinese."""
    people = []
    en_names, zh_names = _EN_NAMES.split(";"), _ZH_NAMES.split(";")
    for number in range(120):
        customer_id = f"C{FIRST_ID + number}"
        fixed = Random(f"identity {customer_id}")
        pair = number // 2
        segment = SEGMENTS[pair % len(SEGMENTS)]
        if number % 2 == 0:
            language, name = "en", en_names[pair]
            email = name.lower().replace(" ", ".") + "@example.com"
            zone = fixed.choice(_EN_ZONES)
        else:
            language = "zh"
            name, address = zh_names[pair].split(" ")
            email = address + "@example.cn"
            zone = fixed.choice(_ZH_ZONES)
        born = date(fixed.randint(1958, 2004), 1, 1) + timedelta(days=fixed.randrange(365))
        span = (today - start).days + 300
        joined = start - timedelta(days=300) + timedelta(days=int(span * rng.random() ** 1.6 * 0.97))
        person = Person(
            customer_id=customer_id,
            name=name,
            email=email,
            language=language,
            timezone=zone,
            segment=segment,
            loyalty=rng.lognormvariate(0.0, 0.9),
            joined=datetime.combine(joined, time(rng.randrange(9, 22), rng.randrange(60))),
            birthday=born if fixed.random() < 0.7 else None,
            tags=_tags(fixed, segment),
            notes=fixed.choice(_NOTES[language]) if fixed.random() < 0.25 else "",
            phone=f"+49 30 23125 {100 + number}" if zone == "Europe/Berlin" and fixed.random() < 0.4 else "",
            consent=rng.random() < 0.72,
        )
        people.append(person)
    _fix_mainstays(people, start)
    return people


def _tags(rng: Random, segment: str) -> str:
    """Tag most people with a true interest and a few with a misleading one."""
    tags = []
    if rng.random() < 0.6:
        tags.append(rng.choice(_INTERESTS[segment]))
    if rng.random() < 0.12:
        tags.append(rng.choice(_INTERESTS[rng.choice(SEGMENTS)]))
    if rng.random() < 0.15:
        tags.append("workshop")
    if rng.random() < 0.05:
        tags.append("wholesale")
    return ";".join(dict.fromkeys(tags))


def _fix_mainstays(people: list[Person], start: date) -> None:
    """Make C1001 and C1002 the same for every seed: they appear in the README's chat."""
    hannah, yue = people[0], people[1]
    hannah.timezone, hannah.birthday, hannah.phone = "Europe/Berlin", date(1988, 5, 14), "+49 30 23125 101"
    hannah.tags, hannah.notes = "gongfu;workshop", "Started with the white gaiwan; likes roasted oolong."
    yue.timezone, yue.birthday, yue.phone = "Asia/Shanghai", date(1992, 9, 3), ""
    yue.tags, yue.notes = "gongfu;puer", "喜欢岩茶和熟普，在上海收货，请发微信。"
    for person in (hannah, yue):
        person.consent, person.loyalty = True, 1.0
        person.joined = datetime.combine(start - timedelta(days=40), time(11, 20))
