"""Arrays kept on disk and mapped into memory when they are read again. Knows names and stamps, not what is in them.

A set of arrays is a folder named after what it is and its stamp. It is written under another name and renamed when it
is whole, so it is there or it is not; whoever asks with another stamp is given nothing that was kept.
"""

import hashlib
import logging
import os
import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]
LEAST = 1 << 20
_log = logging.getLogger(__name__)


class Kept:
    """A folder of arrays. Less than `least` bytes are sooner made than read, and no folder (None) keeps nothing."""

    def __init__(self, folder: Path | None, least: int = LEAST) -> None:
        self._folder, self._least = folder, least

    def find(self, name: str, stamp: str) -> Arrays | None:
        """The arrays of this name and stamp, read-only; None where they are not here or cannot be read."""
        place = self._place(name, stamp)
        if place is None or not place.is_dir():
            return None
        try:
            return {path.stem: _mapped(path) for path in place.glob("*.npy")}
        except (OSError, ValueError, EOFError) as error:
            _log.warning("what was kept of %s cannot be read and is made again: %s", name, error)
            shutil.rmtree(place, ignore_errors=True)
            return None

    def keep(self, name: str, stamp: str, arrays: Arrays) -> Arrays | None:
        """Write arrays, and give them back as they are read from there; what had another stamp goes.

        None where they are not kept: too few, or a disk that is full, which costs the next start its speed.
        """
        place = self._place(name, stamp)
        if place is None or sum(array.nbytes for array in arrays.values()) < self._least:
            return None
        passing = place.with_name(f"{name}.{uuid.uuid4().hex}")
        try:
            passing.mkdir(parents=True)
            for each, array in arrays.items():
                with (passing / f"{each}.npy").open("wb") as handle:
                    np.save(handle, array)
                    handle.flush()
                    os.fsync(handle.fileno())
            passing.rename(place)
        except OSError as error:
            _log.warning(
                "%s cannot be kept on disk and will be made again at the next start: %s", name, error
            )
            shutil.rmtree(passing, ignore_errors=True)
            return None
        for other in place.parent.glob(f"{name}.*"):
            if (
                other != place
            ):  # a file that is still mapped cannot be deleted on Windows: the next time it can
                shutil.rmtree(other, ignore_errors=True)
        return self.find(name, stamp)

    def _place(self, name: str, stamp: str) -> Path | None:
        return None if self._folder is None else self._folder / f"{name}.{stamp}"


def stamp_of(*parts: str | Path | Iterable[str]) -> str:
    """A digest of texts, of many texts in any order, and of files: the code that makes arrays is part of their stamp."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            said = part.read_bytes()
        else:
            said = (part if isinstance(part, str) else "\x1f".join(sorted(part))).encode()
        digest.update(len(said).to_bytes(8, "little") + said)
    return digest.hexdigest()[:24]


def _mapped(path: Path) -> npt.NDArray[Any]:
    """An array whose bytes stay in the file; one without any cannot be mapped."""
    try:
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except ValueError:
        found: npt.NDArray[Any] = np.load(path, allow_pickle=False)
        if found.size:
            raise
        return found
