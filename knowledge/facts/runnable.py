"""A scoped retriever as LangChain knows retrievers: text in, documents out. Finds nothing itself."""

from collections.abc import Callable

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from knowledge.facts.retriever import Hit


class Documents(BaseRetriever):
    """What `search` finds, each fact a document with its source, scope and score."""

    model_config = ConfigDict(frozen=True)

    search: Callable[[str], list[Hit]]

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [
            Document(
                hit.text, id=hit.id, metadata={"source": hit.source, "scope": hit.scope, "score": hit.score}
            )
            for hit in self.search(query)
        ]
