"""Embedders give each text its own vector, whatever stands beside it: real models, made small."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.facts.embeddings import FOLDER_BATCH, BundledE5, Embedder, FolderEmbedder

LETTERS = "abcdefghij 壶茶"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> FolderEmbedder:
    """A BERT of two narrow layers with random weights, read from a folder as any other."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(3)
    where = tmp_path_factory.mktemp("model")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ":", *LETTERS.replace(" ", "")]
    words += [f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    (where / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizerFast(vocab=str(where / "vocab.txt")).save_pretrained(where)
    config = BertConfig(vocab_size=len(words), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                        intermediate_size=64)  # fmt: skip
    BertModel(config).save_pretrained(where)
    return FolderEmbedder(str(where))


def each_alone(embedder: Embedder, texts: list[str]) -> np.ndarray:
    return np.concatenate([embedder.passages([text]) for text in texts])


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(LETTERS, max_size=60), min_size=1, max_size=3 * FOLDER_BATCH))
def test_a_folder_model_gives_each_text_its_own_vector_in_any_order(
    folder: FolderEmbedder, texts: list[str]
) -> None:
    found = folder.passages(texts)
    assert found.shape == (len(texts), 32)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert np.allclose(found, each_alone(folder, texts), atol=1e-5)


def test_texts_of_a_folder_model_differ_and_none_is_no_error(folder: FolderEmbedder) -> None:
    long, short = folder.passages(["abc" * 20, "j"])
    assert float(long @ short) < 0.999
    assert folder.passages([]).shape == (0, 32)


def test_the_bundled_model_gives_each_text_its_own_vector_in_any_order() -> None:
    bundled = BundledE5()
    texts = ["a teapot", "茶壶", "a glass kettle that keeps the heat for an hour " * 6, "b", "", "a teapot"]
    assert np.allclose(bundled.passages(texts), each_alone(bundled, texts), atol=1e-6)
