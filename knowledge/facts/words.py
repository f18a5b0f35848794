"""The words of one shelf's facts and what ranking asks of their rows, kept on disk. Knows no principal.

What is kept is stamped with the ids of the facts it was made of. An id holds a digest of all that its fact says, so
whatever is written, by whomever, another stamp is asked for; see docs/decisions/0016.
"""

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlmodel import col, not_, select

from knowledge.crm.database import Database
from knowledge.crm.sources import Fact
from knowledge.facts import lexicon
from knowledge.facts.kept import Arrays, Kept, stamp_of
from knowledge.facts.lexicon import Lexicon
from knowledge.facts.names import Texts, texts_of
from knowledge.principal import INTERNAL, PUBLIC, Principal

SHELVES = (PUBLIC, INTERNAL, "customers")


class Label(NamedTuple):
    """Of a fact, what is needed to rank it."""

    scope: str
    language: str
    entity: str


class Words:
    """A shelf's word index, and scope, language and entity of each of its facts."""

    def __init__(self, arrays: Arrays) -> None:
        """`arrays` as `_arrays` made them."""
        self.lexicon = Lexicon(arrays)
        self._scope_of, self._language_of = arrays["scope_of"], arrays["language_of"]
        self._languages, self._entities = list(Texts(arrays, "languages")), Texts(arrays, "entities")
        self._scopes = {scope: code for code, scope in enumerate(Texts(arrays, "scopes"))}
        self._scope_names = list(self._scopes)

    def scores(self, text: str, principal: Principal) -> npt.NDArray[np.float32] | None:
        """BM25 of every fact, nothing for those this principal may not read; None where that is all of them."""
        readable = principal.readable(self._scopes)
        if not readable:
            return None
        scores = self.lexicon.scores(text)
        if len(readable) < len(self._scopes):
            scores[np.isin(self._scope_of, [self._scopes[scope] for scope in readable], invert=True)] = 0
        return scores

    def labels(self, ids: Sequence[str]) -> dict[str, Label]:
        """The labels of those of these facts that stand here."""
        return {
            name: Label(
                self._scope_names[self._scope_of[place]],
                self._languages[self._language_of[place]],
                self._entities[place],
            )
            for name, place in zip(ids, self.lexicon.ids.places(ids), strict=True)
            if place >= 0
        }


def words_of(shelf: str, database: Database, kept: Kept) -> Words:
    """The words of a shelf, one of SHELVES: as they are kept, or made of its rows and kept from now on."""
    mine: Any = Fact.scope == shelf if shelf != "customers" else not_(col(Fact.scope).in_((PUBLIC, INTERNAL)))
    with database.session() as session:
        stamp = _stamp(session.exec(select(Fact.id).where(mine)).all())
        found = kept.find(f"words-{shelf}", stamp)
        if found is not None:
            return Words(found)
        columns = (Fact.id, Fact.entity, Fact.text, Fact.scope, Fact.language)
        query: Any = select(*columns)  # type: ignore[call-overload]  # typed up to four columns
        rows = session.exec(query.where(mine)).all()
    arrays = _arrays(rows)
    stamp = _stamp([row[0] for row in rows])  # anew: a shared database may have been written to since
    return Words(kept.keep(f"words-{shelf}", stamp, arrays) or arrays)


def _stamp(ids: Sequence[str]) -> str:
    code = (Path(__file__), Path(str(lexicon.__file__)), lexicon.IRREGULAR)
    return stamp_of(*code, version("bm25s"), version("snowballstemmer"), ids)


def _arrays(rows: Sequence[Any]) -> Arrays:
    """Of rows of id, entity, text, scope and language."""
    scopes = {scope: n for n, scope in enumerate(dict.fromkeys(row[3] for row in rows))}
    languages = {language: n for n, language in enumerate(dict.fromkeys(row[4] for row in rows))}
    codes = {
        "scope_of": np.array([scopes[row[3]] for row in rows], dtype=np.int32),
        "language_of": np.array([languages[row[4]] for row in rows], dtype=np.int32),
    }
    texts = texts_of(list(scopes), "scopes") | texts_of(list(languages), "languages")
    entities = texts_of([row[1] for row in rows], "entities")
    said = lexicon.index([row[0] for row in rows], [f"{name_in(row[1])} {row[2]}" for row in rows])
    return codes | texts | entities | said


def name_in(entity: str) -> str:
    """The SKU or customer id that an entity holds: people search by them, and the text may not say them."""
    kind, _, rest = entity.partition(":")
    return rest.rpartition(":")[0] if kind == "product" else rest if kind == "customer" else ""
