"""SKUs, short Chinese words and questions in the other language find their facts; odd questions find none."""

from collections.abc import Iterator

import pytest

from knowledge.facts.embeddings import BundledE5, Remembering
from knowledge.facts.lexicon import Lexicon, index, tokens
from knowledge.principal import STRANGER, Principal
from tests.knowledge.room import Hashing, Room, opened, product

FAQ = [
    {"question": "Do you ship to Switzerland?", "answer": "No, only inside the EU.", "language": "en"},
    {"question": "How long can I return things?", "answer": "Thirty days.", "language": "en"},
    {"question": "可以开发票吗？", "answer": "可以，下单时填写抬头。", "language": "zh"},
    {"question": "壶盖摔坏了怎么办？", "answer": "可以单独购买壶盖。", "language": "zh"},
    {"question": "Where is the shop?", "answer": "Near the river, in Lindengasse.", "language": "en"},
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """With the bundled embedder."""
    with opened(tmp_path_factory.mktemp("shop"), Remembering(BundledE5())) as room:
        pots = [product("TP-10", name="Clay teapot"), product("TP-14", name="Glass teapot"), product("CU-03", name="Cup"),
                product("TP-1", name="Iron kettle"), product("SKU 77/b", name="Käsemesser"),
                product("TE-07", name="龙井茶", language="zh"), product("TE-08", name="普洱茶饼", language="zh")]  # fmt: skip
        room.ingest.files([room.file("products.csv", pots), room.file("faq.csv", FAQ)])
        yield room


@pytest.mark.parametrize("sku", ["TP-10", "tp-14", "ＣＵ－０３", "TP-1", "SKU 77/b", "TE-07"])
def test_a_sku_finds_its_product_first(shop: Room, sku: str):
    plain = sku.lower().replace("ｃｕ－０３", "cu-03")
    for text in (sku, f"Do you have {sku} in stock?", f"{sku} 还有货吗"):
        assert shop.search(text, STRANGER)[0].details.get("sku", "").lower() == plain, text


@pytest.mark.parametrize(
    ("text", "said"), [("发票", "抬头"), ("壶盖", "单独购买"), ("龙井", "龙井茶"), ("普洱", "普洱茶饼")]
)
def test_two_chinese_characters_suffice(shop: Room, text: str, said: str):
    assert said in shop.search(text, STRANGER)[0].text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("你们寄瑞士吗", "inside the EU"),
        ("退货期限是多久？", "Thirty days"),
        ("Can I get an invoice?", "抬头"),
        ("店在哪里？", "Lindengasse"),
    ],
)
def test_a_question_in_the_other_language_finds_the_fact(shop: Room, text: str, said: str):
    assert any(said in hit.text for hit in shop.search(text, STRANGER, 3))


def test_accents_do_not_matter(shop: Room):
    assert shop.search("kasemesser", STRANGER)[0].details["sku"] == "SKU 77/b"


@pytest.mark.parametrize("text", ["", " \n\t", "\0\0", "\ud800", "?!", "。。。", "🫖🫖", "-" * 5000])
def test_odd_questions_find_nothing(shop: Room, text: str):
    assert shop.search(text, STRANGER) == []


@pytest.mark.parametrize(
    "text", ["x" * 100_000, "茶" * 20_000, "\ud800tea\0", "Ünïcödé", "чай", "お茶", "%' OR 1=1; --"]
)
def test_long_and_foreign_questions_are_answered_quickly(shop: Room, text: str):
    assert len(shop.search(text, STRANGER, 3)) == 3


def test_k_has_bounds(shop: Room):
    assert shop.search("tea", STRANGER, 0) == []
    assert shop.search("tea", STRANGER, -1) == []
    assert len(shop.search("tea", STRANGER, 10**9)) == 12


def test_an_empty_folder_finds_nothing(room: Room):
    assert room.search("tea") == []
    assert room.search("tea", Principal("customer", "C1")) == []


def test_scores_fall_and_lie_between_0_and_1(shop: Room):
    scores = [hit.score for hit in shop.search("teapot", STRANGER, 50)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_another_models_cosines_keep_their_order(room: Room):
    """Far below the bundled model's range, the nearest still comes first."""
    room.load(
        room.file("faq.csv", [{"question": f"thing {n} {'word ' * n}", "answer": "x"} for n in range(9)])
    )
    hits = room.search("word unheard of", k=9)
    assert hits[0].dense == max(hit.dense for hit in hits)


def test_a_search_sees_what_an_import_in_the_same_process_brought(room: Room):
    path = room.file("products.csv", [product("A", name="Samovar")])
    room.load(path)
    assert "Samovar" in room.search("samovar")[0].text
    room.file("products.csv", [product("B", name="Thermos")])
    room.load(path, sync=True)
    assert "Thermos" in room.search("thermos")[0].text
    assert not any("Samovar" in hit.text for hit in room.search("samovar"))


def test_tokens():
    assert tokens("TP-10's lids") == ["tp-10", "tp", "10", "lid"]
    assert tokens("壶盖") == ["壶盖", "壶", "盖"]
    assert tokens("Crème brûlée") == tokens("creme brulee")
    assert Lexicon(index([], [])).scores("x").shape == (0,)
    assert Lexicon(index(["a"], ["。"])).scores("x").tolist() == [0.0]


@pytest.mark.parametrize(("many", "one"), [("scarves", "scarf"), ("Knives", "knife"), ("mice", "mouse")])
def test_an_odd_plural_is_the_same_word(many: str, one: str):
    assert tokens(many) == tokens(one)


def test_what_is_remembered_is_not_embedded_again():
    calls: list[int] = []

    class Counting(Hashing):
        def queries(self, texts):  # type: ignore[no-untyped-def]
            calls.append(len(texts))
            return super().queries(texts)

    embedder = Remembering(Counting(), capacity=3)
    assert embedder.queries(["a", "a"]).shape[0] == 2
    first = embedder.queries(["a", "b"])
    assert (embedder.queries(["a", "b"]) == first).all()
    embedder.queries(["c", "d"])
    embedder.queries(["b"])
    embedder.queries(["a"])
    assert calls == [1, 1, 2, 1]
