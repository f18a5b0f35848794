"""Reads `openai:BASE_URL#MODEL`; it makes no connection."""

from __future__ import annotations

from urllib.parse import urlsplit

from chains.llm.errors import ModelUnavailable

PREFIX = "openai:"


def split_spec(spec: str) -> tuple[str, str]:
    """The address, with `/v1` where it has no path, and the model of `openai:BASE_URL#MODEL`.

    Raises:
        ModelUnavailable: a part is missing.
    """
    url, _, model = spec.removeprefix(PREFIX).partition("#")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or not model:
        raise ModelUnavailable(
            f"The model {spec!r} is not complete: write openai:BASE_URL#MODEL, such as "
            f"openai:http://localhost:8000/v1#my-model."
        )
    address = url.rstrip("/")
    return (address if parts.path.strip("/") else f"{address}/v1"), model
