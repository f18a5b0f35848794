"""Nobody finds what they may not read, whatever they ask."""

from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.crm.sources import Fact
from knowledge.principal import MARKETER, STRANGER, Principal
from tests.knowledge.room import Room, opened, product

NOTES = {
    "C1": "Ann is allergic to bergamot",
    "C2": "Bo owes us nothing and likes 普洱",
    "c1": "lower case namesake",
    "C1:en": "an id with a colon",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with opened(tmp_path_factory.mktemp("scope")) as room:
        room.ingest.files(
            [
                room.file("products.csv", [product("A"), product("B", name="普洱茶壶", language="zh")]),
                room.file("faq.csv", [{"question": "Margin?", "answer": "Forty per cent.", "audience": "internal"},
                                      {"question": "Ship?", "answer": "Yes.", "audience": ""}]),
                room.file("handbook.md", "---\naudience: internal\n---\n# Discounts\nStaff may give ten per cent."),
                room.file("customers.csv", [{"customer_id": name, "notes": note} for name, note in NOTES.items()]),
            ]
        )  # fmt: skip
        yield room


PRINCIPALS = st.one_of(
    st.just(MARKETER), st.just(STRANGER), st.builds(Principal, st.just("customer"), st.sampled_from([*NOTES, ""])),
    st.builds(Principal, st.just("customer"), st.text(max_size=8)),
    st.sampled_from([Principal("customer", bad) for bad in ("internal", "public", "customer:C1", "*", "C1' OR '1'='1")]),
)  # fmt: skip
WORDS = st.one_of(
    st.text(max_size=60),
    st.sampled_from([*NOTES.values(), "customer:C1", "internal", "forty per cent", "普洱"]),
)


@settings(max_examples=120, deadline=None)
@given(query=WORDS, principal=PRINCIPALS, k=st.sampled_from([1, 3, 8, 50]))
@example(query=NOTES["C1"], principal=Principal("customer", "C2"), k=50)
@example(query="margin forty per cent", principal=Principal("customer", "C1"), k=50)
def test_no_hit_outside_the_scope(shop: Room, query: str, principal: Principal, k: int):
    hits = shop.search(query, principal, k)
    assert len(hits) <= k
    for hit in hits:
        assert principal.may_read(hit.scope)
    names = [fact.entity for fact in shop.all(Fact)]
    assert all(principal.may_read(hit.scope) for hit in shop.index.retriever(principal).entities(names))
    for shelf, readable in shop.store._readable(principal):
        assert not shelf.startswith("internal") or principal.role == "marketer"
        assert shelf != "customers" or principal.role == "marketer" or readable


@pytest.mark.parametrize("text", list(NOTES.values()))
def test_the_exact_words_of_a_note_help_nobody_else(shop: Room, text: str):
    owner = next(name for name, note in NOTES.items() if note == text)
    for name in [*NOTES, None, "", "C3"]:
        found = [hit.text for hit in shop.search(text, Principal("customer", name), 50)]
        assert (text in found) == (name == owner)
        assert not set(found) & {note for other, note in NOTES.items() if other != name}
    assert text == shop.search(text, MARKETER)[0].text


def test_a_marketer_finds_everything(shop: Room):
    found = {hit.id for fact in shop.all(Fact) for hit in shop.search(fact.text, MARKETER, 50)}
    assert found == {fact.id for fact in shop.all(Fact)}
    assert shop.search("C2", MARKETER)[0].text == NOTES["C2"], "a note is found by its customer's id"


def test_a_widened_vector_store_is_not_enough(shop: Room, monkeypatch: pytest.MonkeyPatch):
    """Rows are checked once more: a store that returned all would still show nothing."""
    everything = [(name, 0.9) for name in shop.store.ids()]
    monkeypatch.setattr(shop.store, "nearest", lambda *given: everything)
    for principal in (STRANGER, Principal("customer", "C1")):
        assert all(principal.may_read(hit.scope) for hit in shop.search("anything", principal, 50))


async def test_the_langchain_way_in_is_scoped_too(shop: Room):
    retriever = shop.index.retriever(Principal("customer", "C1"), k=50)
    chain = retriever.runnable()
    for documents in (chain.invoke(NOTES["C2"]), await chain.ainvoke("forty per cent")):
        assert documents
        assert {document.metadata["scope"] for document in documents} <= {"public", "customer:C1"}
