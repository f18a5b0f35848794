"""What takes two steps, or starts from the customer's own figures: each class holds when reckoned right and not when reckoned wrong."""

import pytest

from tests.chains.guard.books import book

COURSE = ["Dutch B1 - duration: 3 weeks", "Dutch B1 - hours: 20 per week", "Dutch B1 - price: 480.00 EUR"]
CARD = ["游泳10次卡 - 价格：320元", "游泳单次票 - 价格：40元"]
COVER = ["Contents Plus - premium: 144.00 EUR per year"]
CUFF = ["Cuff M - arm circumference: 24-34 cm"]
ROD = ["湖竿 - 收缩长度：70厘米"]
CLIMB = ["亲子课 - 年龄：6-12岁"]
ACCESS = ["Access: daily 7-21"]
GLASS = ["Ash frame - price: 40.00 GBP", "Matt glass: +25% on the frame price"]
POINTS = ["会员积分：100分抵1元", "会员张女士 - 积分：4250"]
SIGN = ["Oak sign - engraving: up to 20 characters", "Oak sign - price: 30.00 EUR"]
TANK = ["Reed 80 tank - volume: 80 l", "Reed 80 tank - weight empty: 15 kg"]
FILTER = ["Filter F2 - power: 20 W"]
CUT = ["优惠：全场满200减30", "台灯 - 价格：150元", "笔筒 - 价格：90元"]
DRESS = ["汉服 - 租金：60元/天", "汉服 - 押金：200元"]
WRAP = ["Gift wrapping: 3.00 EUR per book", "Low Tide - price: 12.00 EUR", "High Moor - price: 20.00 EUR"]
BREAD = ["湖泡沫皂 - 价格：52元"]
CREAM = ["护手霜 - 生产日期：2026-02-10", "护手霜 - 保质期：24个月"]
EVENINGS = ["Dutch A1 - schedule: 10 weeks, Mondays 18:30-20:00"]


@pytest.mark.parametrize(
    ("facts", "question", "right", "wrong"),
    [
        (COURSE, "what is it per hour?", "Eight euros an hour.", "Nine euros an hour."),
        (CARD, "", "次卡一次三十二块。", "次卡一次三十六块。"),
        (COVER, "per month?", "Plus works out at 12.00 a month over the year.", "Plus works out at 12.50 a month over the year."),
        (["防冻液2L - 价格：50元"], "", "两升装一升二十五。", "两升装一升二十九。"),
        (COVER, "per month?", "12 euros a month.", "13 euros a month."),
        (CUFF, "my arm is 37 cm", "It would be 3 cm short.", "It would be 5 cm short."),
        (ROD, "我的包长75厘米，装得下吗", "还富余五厘米。", "还富余八厘米。"),
        (CLIMB, "孩子五岁半能上吗", "再等半年就能来。", "再等一年就能来。"),
        (ACCESS, "can I come at 10 pm?", "That's an hour too late.", "That's three hours too late."),
        (GLASS, "", "With matt glass the ash frame is £50.", "With matt glass the ash frame is £48."),
        (POINTS, "能抵多少钱", "能抵四十二块五。", "能抵四十五块二。"),
        (SIGN, 'would "Ann and Theo" fit?', "That's twelve characters.", "That's fifteen characters."),
        (SIGN, 'would "Ann and Theo" fit?', "It fits.", "It's too long."),
        (SIGN, 'would "The Whole Larkin Family 2026" fit?', "That's too long.", "That fits."),
        (TANK, "how heavy when full?", "Full of water it weighs 95 kg.", "Full of water it weighs 105 kg."),
        (FILTER, "running day and night?", "That makes 0.48 kWh a day.", "That makes 0.84 kWh a day."),
        (CUT, "台灯和笔筒一起买多少钱", "加一起240，满二百减三十，到手210。", "加一起240，满二百减三十，到手190。"),
        (DRESS, "租三天要先付多少", "租金三天180，加上两百押金，先付380。", "租金三天180，加上两百押金，先付360。"),
        (WRAP, "low tide and high moor, both wrapped?", "€38, of which €32 is for the books and €6 for the wrapping.",
         "€41, of which €32 is for the books and €9 for the wrapping."),
        (CREAM, "能用到什么时候", "能用到2028年2月。", "能用到2028年8月。"),
        (EVENINGS, "", "Ten Monday evenings.", "Twelve Monday evenings."),
        (BREAD, "皂来两块多少钱", "两块104。", "两块114。"),
    ],
)  # fmt: skip
def test_a_reckoning_holds_only_when_right(facts: list[str], question: str, right: str, wrong: str) -> None:
    assert book(right, facts, question).ok, book(right, facts, question).loose
    assert not book(wrong, facts, question).ok


STUDENT = ["Student discount: 10%, not on sale items", "Blue coat - sale price: 50.00 EUR"]
PLAIN_STUDENT = ["Student discount: 10%", "Blue coat - price: 50.00 EUR"]
GROUP = ["Group discount: 10% from 8 tickets", "Autumn Mass - rows A-F: 30.00 EUR"]


@pytest.mark.parametrize(
    ("facts", "question", "text", "fine"),
    [
        (PLAIN_STUDENT, "student price of the blue coat?", "With the discount you pay €45.", True),
        (STUDENT, "student price of the blue coat?", "With the discount you pay €45.", False),
        (GROUP, "nine of us, any discount?", "Ten per cent off makes €243 for nine.", True),
        (GROUP, "six of us, any discount?", "Ten per cent off makes €162 for six.", False),
        (["烫发 - 价格：300元", "护理 - 价格：100元", "周二优惠：烫发9折，护理不参加"], "", "周二护理打九折是90元。", False),
        (["烫发 - 价格：300元", "护理 - 价格：100元", "周二优惠：烫发9折，护理不参加"], "", "周二烫发打九折是270元。", True),
        (["Rye loaf - flour: regional, not organic"], "", "It is baked of organic flour.", False),
        (["Rye loaf - flour: regional, organic"], "", "It is baked of organic flour.", True),
        (["已拆封的面膜不支持退货。", "未拆封商品签收后7天内可退。"], "", "没拆的可以退货。", True),
        (["已拆封的面膜不支持退货。", "未拆封商品签收后7天内可退。"], "", "拆了的可以退货。", False),
        (["羊毛围巾 - 成分：羊毛70%，腈纶30%"], "", "不是纯羊毛。", True),
        (["羊毛围巾 - 成分：羊毛100%"], "", "不是羊毛。", False),
        (["Hotline: daily 8-22"], "", "The hotline is there round the clock.", False),
        (["Field camera - video: 4K, 30 fps"], "", "In 4K you get 30 frames per second.", True),
        (["Field camera - video: 4K, 30 fps"], "", "In 4K you get 60 frames per second.", False),
        (["Hotline: daily 8-22"], "", "The hotline is not there round the clock.", True),
        (["自助洗衣：24小时营业"], "", "自助洗衣通宵都开。", True),
        (["Moss Trio - doors: 18:30", "Moss Trio - start: 19:45"], "", "The music begins at half past six.", False),
        (["Moss Trio - doors: 18:30", "Moss Trio - start: 19:45"], "", "The music begins at a quarter to eight.", True),
        (["Polish A1 - schedule: Mondays and Wednesdays 17:00-18:30"], "", "It runs Mondays and Wednesdays.", True),
        (["Polish A1 - schedule: Mondays and Wednesdays 17:00-18:30"], "", "It runs Mondays and Fridays.", False),
        (["常见问题：能货到付款吗？暂不支持。"], "", "货到付款没问题。", False),
        (["常见问题：能货到付款吗？支持。"], "", "货到付款没问题。", True),
        (["Order 702: 1 x wool, shipped, tracking GX30991", "Order 703: 1 x yarn, shipped, tracking GX30998"], "tracking for 702",
         "Your parcel 702: GX30998.", False),
        (["Order 702: 1 x wool, shipped, tracking GX30991", "Order 703: 1 x yarn, shipped, tracking GX30998"], "tracking for 702",
         "Your parcel 702: GX30991.", True),
        (["方缸 - 尺寸：50x30x30厘米"], "", "尺寸是50×30×30。", True),
        (["方缸 - 尺寸：50x30x30厘米"], "", "尺寸是50×30×35。", False),
        (["Cleaning is included in the rental.", "Pirate coat - rental: 30.00 EUR"], "", "Cleaning's on us.", True),
        (["Cleaning: 12.00 EUR per coat", "Pirate coat - rental: 30.00 EUR"], "", "Cleaning's on us.", False),
        (["旅行险 - 潜水：不承保"], "", "潜水这块是不保的。", True),
        (["旅行险 - 潜水：承保"], "", "潜水这块是不保的。", False),
        (["红茶饼 - 价格：9.9元"], "", "9块9一袋。", True),
        (["红茶饼 - 价格：9.9元"], "", "9块8一袋。", False),
        (["Quoll game - playing time: 75 min"], "", "A game runs an hour and a quarter.", True),
        (["Quoll game - playing time: 75 min"], "", "A game runs an hour and a half.", False),
        (["Opening hours: Mon-Fri 9-18, Sat 10-14"], "", "We shut at six Monday to Friday.", True),
        (["Opening hours: Mon-Fri 9-18, Sat 10-14"], "", "We shut at seven Monday to Friday.", False),
    ],
)  # fmt: skip
def test_what_it_is_held_to(facts: list[str], question: str, text: str, fine: bool) -> None:
    assert book(text, facts, question).ok == fine, book(text, facts, question).entries
