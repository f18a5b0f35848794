"""The same entry in the other language, in a shop whose rows were written by people who did not build this."""

from chains.evidence import of_hit
from chains.guard.claims import values_in
from chains.twins import in_language
from knowledge.folder import Knowledge
from knowledge.principal import Principal
from tests.chains.conftest import Ask


def test_an_entry_and_its_twin_tell_the_same_numbers(bikes: Knowledge) -> None:
    retriever = bikes.index.retriever(Principal("customer"), k=200)
    entries = [of_hit(hit)[0] for hit in retriever.search("how do I return a bicycle?") if hit.kind == "faq"]
    english = [e for e in entries if e.language == "en" and values_in(e.value)]
    twins = [in_language(e, "zh", retriever, bikes.index.embedder) for e in english]
    found = [(e, twin) for e, twin in zip(english, twins, strict=True) if twin.language == "zh"]
    assert all(values_in(e.value) == values_in(twin.value) for e, twin in found)
    assert [twin.value for e, twin in found if "Klarna" in e.value and "Klarna" in twin.value]


def test_a_region_of_the_shipping_table_has_its_twin_on_the_same_line(bikes: Knowledge) -> None:
    retriever = bikes.index.retriever(Principal("customer"))
    rows = [of_hit(hit)[0] for hit in retriever.entities({"shop:shipping:en"})]
    twins = [in_language(e, "zh", retriever, bikes.index.embedder) for e in rows]
    assert [twin.source for twin in twins] == [e.source for e in rows]
    assert {twin.language for twin in twins} == {"zh"}


def test_a_word_that_a_name_happens_to_hold_does_not_change_the_subject(ask: Ask) -> None:
    talk = [["customer", "does the Arcline Urban Helmet have a visor?"], ["bot", "Yes, a removable one."]]
    answer = ask("ok and does it have a light?", history=talk)
    assert [fact.text for fact in answer.facts] == ["Arcline Urban Helmet - integrated light: no"]
