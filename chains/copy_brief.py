"""One request for copy, resolved: the product, what its row states, the channel, the voice. Writes nothing."""

from dataclasses import dataclass
from functools import cached_property

from chains.evidence import DESCRIPTION, PRICE, STOCK, Evidence, of_product
from chains.guard.channels import Channel, Channels
from chains.guard.errors import UnknownChannel
from chains.guard.voice import Voice, read_voice
from chains.subject import best_of
from chains.turn import CopyRequest, FactRef
from knowledge.crm.catalogue_view import Catalogue, Item
from knowledge.crm.desk import Desk
from knowledge.languages import detect

MOST_FACTS = 8  # that the model is given


@dataclass(frozen=True)
class Brief:
    """What a variant is written from."""

    item: Item
    channel: Channel
    language: str
    desk: Desk
    statements: tuple[Evidence, ...]
    audience: str | None
    tone: str | None

    @cached_property
    def voice(self) -> Voice:
        """How the shop speaks."""
        return read_voice(self.desk.shop.brand_voice)

    @property
    def facts(self) -> list[FactRef]:
        """What copy may say: all of the row but its stock."""
        return [e.ref() for e in self.statements if e.key not in STOCK]

    @property
    def shop(self) -> str:
        """The shop's name in the language of the copy."""
        return self.desk.shop.name_in(self.language) or ("本店" if self.language == "zh" else "our shop")

    @property
    def given(self) -> list[str]:
        """Every text that a variant may take words from."""
        words = [
            self.shop,
            self.desk.shop.name,
            self.item.sku,
            self.audience or "",
            *self.item.names.values(),
        ]
        return [*(fact.text for fact in self.facts), *words, *self.item.categories.values()]

    @property
    def for_the_model(self) -> list[str]:
        """The facts worth writing about: description, then what the product has and is, then the price. What a
        product is not ("dishwasher safe: no") sells nothing and is left out."""
        told = [e for e in self.statements if e.key in DESCRIPTION][:2]
        told += [
            e
            for e in self.statements
            if e.key not in (*DESCRIPTION, *PRICE, *STOCK) and e.polarity is not False
        ]
        price = [e for e in self.statements if e.key in PRICE]
        return [e.text for e in [*told[: MOST_FACTS - len(price)], *price]]


def brief_of(request: CopyRequest, desk: Desk, channels: Channels) -> Brief:
    """The request with its product and channel found. Raises LookupError in one sentence where one is not."""
    item = find_product(request.product, desk.catalogue)
    try:
        channel = channels.find(request.channel)
    except UnknownChannel as error:
        raise LookupError(str(error)) from error
    language = (request.language or detect(request.product, desk.shop.languages[0])).lower()[:2]
    language = "zh" if language == "zh" else "en"
    return Brief(
        item, channel, language, desk, tuple(of_product(item, language, desk)), request.audience, request.tone
    )


def find_product(wish: str, catalogue: Catalogue) -> Item:
    """The product of a SKU or a name.

    Raises: LookupError in one sentence when none or several answer to it.
    """
    if found := catalogue.skus.get(wish.strip().lower()):
        return found
    named = best_of(catalogue.mentions(wish), catalogue)
    if not named:
        raise LookupError(f"No product is called {wish.strip()[:60]}; give its name or SKU.")
    if len(named) > 1:
        raise LookupError(
            f"Several products answer to {wish.strip()[:60]}: {', '.join(item.sku for item in named)}."
        )
    return named[0]


def tone_of(brief: Brief) -> str:
    """What the request asks for, else the shop's own voice, else a plain one."""
    own = brief.voice.tone.get(brief.language)
    return str(brief.tone or own or ("亲切" if brief.language == "zh" else "warm")).rstrip(".。")
