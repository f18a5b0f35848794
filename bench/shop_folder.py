"""A temporary data folder filled by the real import, for the benches that search."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge.crm.database import Database
from knowledge.facts.embeddings import Embedder
from knowledge.facts.retriever import FactIndex
from knowledge.facts.store import VectorStore
from knowledge.ingest.report import Progress, unseen
from knowledge.ingest.run import Ingest


@contextmanager
def imported(paths: list[Path], embedder: Embedder, progress: Progress = unseen) -> Iterator[FactIndex]:
    """The index of these files (or folders of them) in a folder that is gone afterwards.

    Raises: ValueError when a file is refused.
    """
    with tempfile.TemporaryDirectory(prefix="marketeer-bench-") as folder:
        database = Database.in_folder(Path(folder))
        try:
            database.migrate()
            index = FactIndex(database, VectorStore(Path(folder) / "chroma", embedder.name), embedder)
            refused = [
                file for file in Ingest(database, index).files(paths, progress=progress).files if file.error
            ]
            if refused:
                raise ValueError(f"{refused[0].path}: {refused[0].error}")
            yield index
        finally:
            database.close()


def write_documents(folder: Path, passages: dict[str, str]) -> list[Path]:
    """One document a passage, named after it."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.md" for name in passages]
    for path, text in zip(paths, passages.values(), strict=True):
        path.write_text(text + "\n", encoding="utf-8")
    return paths
