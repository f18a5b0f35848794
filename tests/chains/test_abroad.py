"""What one language alone has is found from the other: a product by what it is, an attribute by its own row."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from platformdirs import user_cache_path

from chains.assistant import build_assistant
from chains.turn import Answer, Question
from knowledge.folder import open_knowledge

PRODUCTS = """sku,name,category,price,currency,stock,description,attributes,language
B1,Wool Tartan Rug,rugs,60,GBP,4,For the car and for picnics.,weight=1.2 kg; size=150 x 180 cm,en
B1,羊毛格纹毯,毯子,60,GBP,4,放在车上，野餐也好用。,重量=1.2公斤; 尺寸=150 x 180厘米,zh
B2,棉麻吊椅,家具,140,GBP,3,阳台上用的吊椅，一个人坐。,承重=120公斤; 材质=棉麻,zh
L1,Storm Lantern,lamps,30,GBP,9,Burns paraffin.,one fill lasts=14 h; height=31 cm,en
L2,锚灯,灯具,25,GBP,9,挂在前支索上。,续航=70小时; 电池=3节AA,zh
J1,Skerry Jacket,clothes,190,GBP,5,Two layers.,sizes=XS-XXL; water column=20 m,en
J1,礁石夹克,服装,190,GBP,5,双层。,尺码=XS-XXL; 防水=20米; 尺码建议=版型偏大，建议买小一码,zh
C1,Mango Cake 6 inch,cakes,40,GBP,2,Sponge with mango.,notice=48 hours,en
C2,Mango Cake 8 inch,cakes,60,GBP,2,Sponge with more mango.,notice=72 hours,en
C3,Cherry Cake 8 inch,cakes,55,GBP,2,Sponge with cherries.,notice=24 hours,en
E1,菠萝包,面包,3,GBP,40,酥皮面包。,重量=90克,zh
E2,葡式蛋挞,面包,4,GBP,40,现烤。,重量=60克,zh
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Answer]]:
    import asyncio

    data = tmp_path_factory.mktemp("abroad")
    files = data / "files"
    files.mkdir()
    (files / "products.csv").write_text(PRODUCTS, "utf-8")
    (files / "shop.toml").write_text('name = "Tarn"\ncurrency = "GBP"\nlanguages = ["en", "zh"]\n', "utf-8")
    with open_knowledge(data / "data", purpose="test") as known:
        known.ingest.files([Path(shutil.copytree(files, data / "copy"))])
        assistant = build_assistant(index=known.index, model=None, cache=user_cache_path("marketeer"))

        async def one(question: Question) -> Answer:
            *_, last = [step async for step in assistant.answer(question)]
            assert isinstance(last, Answer)
            return last

        yield lambda text, *history: asyncio.run(one(Question(text=text, history=history)))


def test_a_lamp_is_found_by_what_it_is(said: Callable[..., Answer]) -> None:
    assert "14" in said("那盏烧煤油的灯灌满一次能亮几个小时").reply


def test_an_attribute_that_only_the_other_row_has(said: Callable[..., Answer]) -> None:
    answer = said("礁石夹克版型偏大吗")
    assert "偏大" in answer.reply
    assert "偏大" in said("does the skerry jacket run large, which size should I take?").reply


def test_what_is_counted_names_a_product_by_its_end(said: Callable[..., Answer]) -> None:
    assert "22" in said("两个菠萝包四个蛋挞一共多少钱").reply


def test_of_two_named_alike_the_one_akin_to_the_talk(said: Callable[..., Answer]) -> None:
    talk = (("customer", "how much is the 6 inch mango cake"), ("bot", "The Mango Cake 6 inch is £40.00."))
    assert "72" in said("and the 8 inch? how far ahead do I need to order", *talk).reply
