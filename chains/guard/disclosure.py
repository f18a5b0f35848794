"""What a text has to say of how it was made, where the law asks for it. Knows jurisdictions, not who wrote a text."""

from collections.abc import Collection
from dataclasses import dataclass

from chains.guard.channels import Channel
from chains.guard.counting import count
from chains.guard.language import say
from chains.guard.voice import Voice, vocabulary


@dataclass(frozen=True)
class Label:
    """The words of a label, and why they stand there."""

    text: str
    why: str


def label_for(channel: Channel, jurisdictions: Collection[str], language: str, voice: Voice) -> Label | None:
    """The label that copy written by a model carries: where its channel or its only readers are under such a law, and
    in the language of a jurisdiction that the shop names. The shop's own `disclosure` replaces the words."""
    for name, label in vocabulary()["labels"].items():
        if label["of"] != "written":
            continue
        home = set(jurisdictions) == {name} or (name in jurisdictions and name == "cn" and language == "zh")
        if name in channel.jurisdictions or home:
            return Label(
                voice.disclosure.get(language) or say(label["text"], language), say(label["why"], language)
            )
    return None


def labelled(
    channel: Channel, fields: dict[str, list[str]], label: Label
) -> tuple[dict[str, list[str]], bool]:
    """The fields with the label at the end of the channel's main text, and whether it fitted."""
    field = channel.field(channel.primary)
    texts = fields.get(channel.primary)
    if field is None or not texts:
        return fields, False
    if label.text in texts[-1]:
        return fields, True
    longer = f"{texts[-1]}\n{label.text}" if channel.style.kind == "post" else f"{texts[-1]} {label.text}"
    caps = [figure.value for figure in (field.recommended,) if figure]
    caps += [cap] if (cap := field.limit_for(longer)) is not None else []
    if caps and count(longer, field.counts) > min(caps):
        return fields, False
    return {**fields, channel.primary: [*texts[:-1], longer]}, True
