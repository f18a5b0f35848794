"""Reads the header of a GGUF file and gives its tensors as numpy views; it does not know any model.

The reader in the `gguf` package builds a numpy object for every token of the vocabulary, which
takes 17 s for 262,144 of them; this one walks over the lists of words and takes a third of a second.
Layout: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chains.llm.errors import ModelUnavailable

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9


@dataclass(frozen=True)
class GgufTensor:
    """One tensor: its name, its shape in torch order, its ggml type and where its bytes lie."""

    name: str
    shape: tuple[int, ...]
    kind: int
    offset: int


@dataclass(frozen=True)
class GgufFile:
    """The header of a GGUF file. Lists in the metadata are kept as their lengths only."""

    path: Path
    metadata: dict[str, Any]
    tensors: tuple[GgufTensor, ...]
    data_start: int

    @property
    def architecture(self) -> str:
        """The name llama.cpp gives the architecture, such as `gemma3`."""
        return str(self.metadata.get("general.architecture", ""))

    def end_of(self, tensor: GgufTensor) -> int:
        """Where the bytes of a tensor end in the file."""
        from gguf import GGML_QUANT_SIZES, GGMLQuantizationType

        elements, size = GGML_QUANT_SIZES[GGMLQuantizationType(tensor.kind)]
        return self.data_start + tensor.offset + math.prod(tensor.shape) // elements * size

    def raw(self, tensor: GgufTensor) -> npt.NDArray[np.uint8]:
        """The bytes of a tensor as (rows, bytes a row), mapped from the file and not copied."""
        import numpy as np
        from gguf import GGMLQuantizationType
        from gguf.quants import quant_shape_to_byte_shape

        width = quant_shape_to_byte_shape((tensor.shape[-1],), GGMLQuantizationType(tensor.kind))[0]
        rows = math.prod(tensor.shape[:-1])
        start = self.data_start + tensor.offset
        mapped = np.memmap(self.path, mode="r", dtype=np.uint8, offset=start, shape=(rows, width))
        return np.asarray(mapped)


class _Cursor:
    """A position in the bytes of the header."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def take(self, layout: str) -> Any:
        values = struct.unpack_from("<" + layout, self.data, self.position)
        self.position += struct.calcsize("<" + layout)
        return values[0] if len(values) == 1 else values

    def string(self) -> str:
        size = self.take("Q")
        self.position += size
        return self.data[self.position - size : self.position].decode("utf-8", "replace")

    def value(self, kind: int) -> Any:
        if kind == _STRING:
            return self.string()
        if kind != _ARRAY:
            return self.take(_SCALARS[kind])
        inner, count = self.take("I"), self.take("Q")
        if inner == _STRING:
            for _ in range(count):
                (size,) = struct.unpack_from("<Q", self.data, self.position)
                self.position += 8 + size
        else:
            self.position += count * struct.calcsize("<" + _SCALARS[inner])
        return count


def read_gguf(path: Path) -> GgufFile:
    """Read the header of the GGUF file at `path`.

    Raises:
        ModelUnavailable: the file is missing, is no GGUF file or breaks off in its header.
    """
    import mmap

    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _parse(path, _Cursor(data))  # type: ignore[arg-type]
    except (OSError, ValueError, KeyError, OverflowError, struct.error) as error:
        raise ModelUnavailable(
            f"{path} cannot be read as a GGUF file ({error}): check the path or fetch the file again."
        ) from error


def _parse(path: Path, cursor: _Cursor) -> GgufFile:
    magic, version, tensor_count, field_count = cursor.take("4sIQQ")
    if magic != b"GGUF" or version not in (2, 3):
        raise ValueError("it does not start like GGUF version 2 or 3")
    metadata: dict[str, Any] = {}
    for _ in range(field_count):
        key = cursor.string()
        metadata[key] = cursor.value(cursor.take("I"))
    tensors = []
    for _ in range(tensor_count):
        name = cursor.string()
        sizes = [cursor.take("Q") for _ in range(cursor.take("I"))]
        kind, offset = cursor.take("I"), cursor.take("Q")
        tensors.append(GgufTensor(name, tuple(reversed(sizes)), kind, offset))
    alignment = int(metadata.get("general.alignment", 32))
    data_start = -(-cursor.position // alignment) * alignment
    gguf = GgufFile(path, metadata, tuple(tensors), data_start)
    if any(gguf.end_of(tensor) > len(cursor.data) for tensor in tensors):
        raise ValueError("it breaks off in its tensors")
    return gguf
