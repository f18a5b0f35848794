"""Works out the whole question where a message leaves part of it to the talk before: "and the bigger one?".

Knows products by name and what was said last, not what any answer is.
"""

from chains import products
from chains.cues import Cues
from chains.evidence import DESCRIPTION, PRICE, STOCK, SURELY, Judges, judged, of_product
from chains.plan import Turn
from chains.siblings import of_size, sibling
from chains.subject import FEW, Subject, unexplained
from chains.words import plain_words
from knowledge.crm.catalogue_view import Item
from knowledge.facts.embeddings import Embedder
from knowledge.facts.lexicon import tokens
from knowledge.languages import detect

CLEARLY = 0.012  # of cosine
CLEAR = 0.6  # that a row of the product talked about answers
HALF = 0.5  # of a product's name
SHORT = (
    6,
    9,
)  # tokens of a message that leans on the talk without saying so; of a Chinese one, pairs of characters


class Following:
    """Resolves what a message leaves unsaid; synchronous."""

    def __init__(self, embedder: Embedder, judge: Judges, cues: Cues) -> None:
        self._embedder, self._judge, self._cues = embedder, judge, cues

    def leans(self, text: str, focus: tuple[Item, ...]) -> bool:
        """Whether a message leans on the talk before it: it says so, or is short and names nothing new."""
        if {"ellipsis", "pronoun"} & self._cues.all(text):
            return True
        return len(tokens(text)) <= SHORT[detect(text) == "zh"] and not (
            focus and unexplained(text, focus[0])
        )

    def resolve(self, turn: Turn, subject: Subject) -> tuple[str, list[Item]]:
        """The full question and its products, where the message leaves one of them to the talk before."""
        text, cues = turn.route.text, turn.route.cues
        elliptic = self.leans(text, subject.focus)
        if not turn.question.history or not elliptic:
            return text, list(subject.items) or self._still(turn, subject)
        catalogue = turn.desk.catalogue
        if self._by_chance(turn, subject):
            return text, list(subject.focus)
        if subject.named:
            rest = [word for word in tokens(text) if word not in subject.words]
            asks = {"price", "stock", "yes_no"} & cues and "ellipsis" not in cues
            if (
                subject.earlier
                and "ellipsis" in cues
                and len(rest) <= 6
                and not asks
                and not {"price", "stock"} & cues
            ):
                return self._carried(turn, subject, list(subject.items)), list(subject.items)
            return text, list(subject.items)
        if not subject.focus:
            return (f"{subject.earlier} {text}" if subject.earlier and "ellipsis" in cues else text), []
        focus = list(subject.focus)
        if (other_size := self._other_size(turn, focus)) is not None:
            return self._carried(turn, subject, [other_size]), [other_size]
        if {"price", "stock", "rating"} & cues:
            return text, focus
        statements = [e for item in focus for e in of_product(item, turn.language, turn.desk)]
        here = max((e.p for e in judged(text, statements, self._judge)), default=0.0)
        peers = [peer for item in focus for peer in catalogue.peers(item) if peer not in focus]
        other = products.narrowed(text, peers) if "ellipsis" in cues else []
        if other and not products.narrowed(text, focus):  # new words that only others answer to
            if len(other) > 3:
                other = self._likest(f"{text} {focus[0].name(turn.language)}", other, turn.language)
            return self._carried(turn, subject, other), other
        if here >= SURELY or not other or len(other) > 3:
            return text, focus
        return self._carried(turn, subject, other), other

    def _still(self, turn: Turn, subject: Subject) -> list[Item]:
        """The products talked about, where a message that names none asks for something that their rows tell."""
        if not subject.focus or subject.category or {"asks", "yes_no"}.isdisjoint(turn.route.cues):
            return []
        statements = [e for item in subject.focus for e in of_product(item, turn.language, turn.desk)]
        told = judged(turn.route.text, statements, self._judge)[:1]
        return list(subject.focus) if told and told[0].p >= CLEAR else []

    def _by_chance(self, turn: Turn, subject: Subject) -> bool:
        """Whether a word that one product's name happens to hold ("are the batteries in the *box*?") names it less than
        the talk does: the product talked about has the better answer."""
        near = {item.sku: item for item in subject.focus}
        far = {item.sku: item for item in subject.items}
        if not subject.named or not near or near.keys() & far.keys() or subject.share >= HALF:
            return False
        if not {"ellipsis", "pronoun"} & self._cues.all(turn.route.text):
            return False
        if "it" in turn.route.cues and len(near) == 1:  # "does it come with a *charger*"
            return True
        statements = [e for item in (near | far).values() for e in of_product(item, turn.language, turn.desk)]
        best = judged(turn.route.text, statements, self._judge)[0]
        return best.p >= SURELY and best.item is not None and best.item.sku in near

    def _other_size(self, turn: Turn, focus: list[Item]) -> Item | None:
        """The product that "the bigger one" means, where one product was talked about and it has such a sibling."""
        wanted = {"bigger", "smaller"} & turn.route.cues
        if len(focus) != 1 or len(wanted) != 1:
            return None
        peers = [item for item in turn.desk.catalogue.items.values() if item is not focus[0]]
        return sibling(focus[0], peers, bigger="bigger" in wanted)

    def nearest(self, turn: Turn, subject: Subject, items: list[Item]) -> list[Item]:
        """Of several products that were named alike, those akin to what was talked about; of these the one whose name is
        clearly nearer in meaning, if one is."""
        items = self._akin(turn, subject, of_size(turn.route.text, items))
        return self._likest(turn.route.text, items, turn.language) if len(items) > 1 else items

    @staticmethod
    def _akin(turn: Turn, subject: Subject, items: list[Item]) -> list[Item]:
        """Of several products, those that bear a name's word of the product last talked about, which the message leaves out:
        "and the 8 inch?" after the mango cake is a mango cake."""
        unsaid = {w for item in subject.focus for name in item.names.values() for w in tokens(name)}
        unsaid -= set(tokens(turn.route.text)) | plain_words()
        shared = [len(unsaid & {w for name in item.names.values() for w in tokens(name)}) for item in items]
        return [item for item, number in zip(items, shared, strict=True) if number == max(shared)]

    def _likest(self, text: str, items: list[Item], language: str) -> list[Item]:
        """The products whose names are nearest to a text in meaning; several where they are about as near."""
        near = (
            self._embedder.passages([item.name(language) for item in items])
            @ self._embedder.queries([text])[0]
        )
        best = float(near.max())
        return [item for item, score in zip(items, near.tolist(), strict=True) if score >= best - CLEARLY][
            :FEW
        ]

    def _carried(self, turn: Turn, subject: Subject, items: list[Item]) -> str:
        """The earlier question, asked of other products, with the name of the attribute that answered it."""
        question = subject.earlier
        for language, name in (named for old in subject.focus for named in old.names.items()):
            start = question.lower().find(name.lower())
            if items and start >= 0:
                question = question[:start] + items[0].name(language) + question[start + len(name) :]
                break
        return f"{question} {self._told_key(turn, subject)}".strip()

    @staticmethod
    def _told_key(turn: Turn, subject: Subject) -> str:
        """The attribute of the product talked about whose value was told last; empty where none was."""
        told = next(
            (text for who, text in reversed(turn.question.history) if who in ("bot", "assistant")), ""
        )
        for name in (name for item in subject.focus for name in item.names.values()):
            told = told.replace(name, " ")  # a brand in a name is not what was told
        flat = "".join(told.lower().split())
        found = [
            (len(sign), e.key)
            for item in subject.focus
            for e in of_product(item, turn.language, turn.desk)
            if e.key not in (*DESCRIPTION, *PRICE, *STOCK)
            and (sign := "".join((e.value if e.polarity is None else e.key).lower().split())) in flat
        ]  # fmt: skip
        return max(found)[1] if found else ""
