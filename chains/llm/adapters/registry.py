"""Remembers which adapter a data folder serves, and the ones before it; judges none.

A shop's adapters live in `<data>/adapters/NAME`, the record in `<data>/adapters/served.jsonl`; the packaged adapter
comes before all others.
"""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chains.llm.adapters import SHIPPED, WEIGHTS, shipped_adapter
from chains.llm.errors import ModelUnavailable

RECORD = "served.jsonl"


class Adapters:
    """The adapters of one data folder."""

    def __init__(self, data: Path) -> None:
        self.home = data / "adapters"

    def records(self) -> list[dict[str, Any]]:
        """Every promotion and rollback, oldest first."""
        path = self.home / RECORD
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.is_file() else []

    def served(self) -> Path | None:
        """The adapter to serve: the last one recorded, else the packaged one; None where there is none.

        Raises: ModelUnavailable where the recorded one's files are gone.
        """
        records = self.records()
        return self.folder(records[-1]["adapter"]) if records else shipped_adapter()

    def folder(self, name: str) -> Path | None:
        """Where the adapter of that name lives. Raises: ModelUnavailable where it does not."""
        if name == SHIPPED:
            return shipped_adapter()
        if not (self.home / name / WEIGHTS).is_file():
            raise ModelUnavailable(
                f"The adapter {name} is recorded as served and {self.home / name} does not hold it: "
                f"run `marketeer rollback`."
            )
        return self.home / name

    def install(self, adapter: Path, name: str, **why: Any) -> Path:
        """Copy an adapter in, whole or not at all, and serve it from the next start on."""
        target = self.home / name
        if adapter.resolve() != target.resolve():
            part = target.with_name(target.name + ".part")
            shutil.rmtree(part, ignore_errors=True)
            shutil.copytree(adapter, part)
            shutil.rmtree(target, ignore_errors=True)
            part.rename(target)
        self._record("promote", name, **why)
        return target

    def rollback(self) -> str | None:
        """Serve the adapter before the present one; its name, or None where there is none before it."""
        stack = [SHIPPED]
        for one in self.records():
            if one["action"] == "promote":
                stack.append(one["adapter"])
            elif len(stack) > 1:
                stack.pop()
        if len(stack) == 1:
            return None
        self._record("rollback", stack[-2], from_=stack[-1])
        return stack[-2]

    def _record(self, action: str, name: str, **more: Any) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        line = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "action": action, "adapter": name}
        line |= {key.rstrip("_"): value for key, value in more.items()}
        with (self.home / RECORD).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def chosen(wish: str, data: Path) -> Path | None:
    """The adapter that a setting asks for: `served`, `none`, or a folder.

    Raises: ModelUnavailable where the folder holds none.
    """
    if wish == "none":
        return None
    if wish == "served":
        return Adapters(data).served()
    folder = Path(wish).expanduser()
    if not (folder / WEIGHTS).is_file():
        raise ModelUnavailable(
            f"The adapter {wish} is not a folder with {WEIGHTS}: set MARKETEER_ADAPTER to served, none or such a folder."
        )
    return folder
