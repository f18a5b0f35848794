"""Prepares what a first start needs: the weights in the cache, the demo shop in an empty data folder.

Both are done once, whole or not at all, and skipped afterwards. Prints nothing.
"""

from dataclasses import replace
from datetime import date
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from bot.settings import Settings
from knowledge.crm.sources import Marker
from knowledge.ingest.report import IngestReport, Progress, unseen

if TYPE_CHECKING:
    from pathlib import Path

    from bot.services import Report
    from chains.llm.opening import ModelCard
    from knowledge.folder import Knowledge

STATIC = ("shop.toml", "products.csv", "faq.csv", "reviews.csv", "documents")


def served_adapter(settings: Settings) -> "Path | None":
    """The adapter that goes with the model, if one was made for it. Raises: ModelUnavailable in one sentence."""
    from chains.llm.adapters.registry import chosen
    from chains.llm.opening import fits

    adapter = chosen(settings.adapter, settings.data)
    return adapter if adapter is not None and fits(adapter, settings.model) else None


def model_card(settings: Settings) -> "ModelCard":
    """What is known of the model without loading it.

    Raises: ModelUnavailable in one sentence, also where the engine that is to run it is missing.
    """
    from chains.llm.opening import describe

    adapter = served_adapter(settings)
    card = describe(settings.model, settings.cache, adapter)
    if settings.engine == "llama" and card.kind != "openai":
        from chains.llm.export import packed_place
        from chains.llm.llama import require_llama

        require_llama(card.kind, card.spec)
        packed = packed_place(card, settings.cache, adapter).is_file()
        return replace(card, ready=card.ready and packed)
    return card


def prepare_weights(settings: Settings, report: "Report | None" = None) -> "ModelCard":
    """Convert the weights into the cache and merge the adapter into them; hub models and servers need nothing.

    Raises: ModelUnavailable in one sentence.
    """
    from chains.llm.opening import weights_of

    card = model_card(settings)
    if card.kind in ("bundled", "gguf"):
        adapter = served_adapter(settings)
        weights_of(settings.model, settings.cache, report, adapter)
        if settings.engine == "llama":
            from chains.llm.export import packed_of

            packed_of(settings.model, settings.cache, report, adapter)
    return model_card(settings)


def wants_demo(knowledge: "Knowledge") -> bool:
    """Whether nothing was ever imported, or loading the demo shop was interrupted."""
    if knowledge.is_empty():
        return True
    with knowledge.database.session() as session:
        marker = session.get(Marker, "demo")
        return marker is not None and marker.value == "loading" and knowledge.is_demo()


def load_demo(
    knowledge: "Knowledge", progress: Progress = unseen, *, today: date | None = None
) -> IngestReport:
    """Import the demo shop. Its people and orders are written to `demo/` in the data folder, as of `today`."""
    from knowledge.demo import generate

    with knowledge.database.session() as session:
        session.merge(Marker(name="demo", value="loading"))
    people = knowledge.data / "demo"
    generate.write(people, today=today or date.today())
    with as_file(files("knowledge.demo")) as shop:
        static = [shop / name for name in STATIC]
        report = knowledge.ingest.files([*static, people], demo=True, progress=progress)
    with knowledge.database.session() as session:
        session.merge(Marker(name="demo", value="done"))
    return report
