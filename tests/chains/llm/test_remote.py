"""An OpenAI-compatible server on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from langchain_core.messages import HumanMessage

from chains.llm.errors import ModelUnavailable
from chains.llm.remote import open_remote
from chains.llm.server_address import split_spec


class Handler(BaseHTTPRequestHandler):
    """Answers every chat with the same words and keeps what was asked."""

    asked: list[dict[str, Any]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append({"path": self.path, "key": self.headers["Authorization"], **body})
        if body["model"] == "missing":
            self.reply(404, "application/json", b'{"error": {"message": "no such model"}}')
        elif body.get("stream"):
            words = [{"choices": [{"index": 0, "delta": {"content": word}}]} for word in ("Good", " day")]
            lines = "".join(f"data: {json.dumps({'id': '1', 'object': 'x', **word})}\n\n" for word in words)
            self.reply(200, "text/event-stream", (lines + "data: [DONE]\n\n").encode())
        else:
            choice = {"message": {"role": "assistant", "content": "Good day"}, "finish_reason": "stop"}
            choices = [{"index": index, **choice} for index in range(body.get("n") or 1)]
            self.reply(
                200, "application/json", json.dumps({"id": "1", "object": "x", "choices": choices}).encode()
            )

    def reply(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    Handler.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


async def test_a_server_answers_streams_and_takes_the_options_of_the_local_model(
    server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("MARKETEER_MODEL_KEY", "a-key")
    model = open_remote(f"openai:http://127.0.0.1:{server.server_port}#small")
    options: dict[str, Any] = {"max_tokens": 9, "seed": 3, "priority": 0, "speakers": None, "top_k": 5}
    assert (await model.ainvoke("Hello", **options)).text == "Good day"
    assert "".join([chunk.text async for chunk in model.astream("Hello")]) == "Good day"
    assert len(model.generate([[HumanMessage("Hello")]], n=2).generations[0]) == 2
    asked = Handler.asked[0]
    assert asked["path"] == "/v1/chat/completions"
    assert asked["key"] == "Bearer a-key"
    assert (asked["model"], asked["max_tokens"], asked["seed"]) == ("small", 9, 3)
    assert "priority" not in asked


async def test_a_server_that_refuses_or_is_down_is_one_sentence(server: ThreadingHTTPServer) -> None:
    base = f"openai:http://127.0.0.1:{server.server_port}/v1"
    with pytest.raises(ModelUnavailable, match=r"refused the request for missing \(404\)"):
        await open_remote(f"{base}#missing").ainvoke("Hello")
    server.shutdown()
    server.server_close()
    model = open_remote(f"{base}#small")
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        model.invoke("Hello")
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        [chunk async for chunk in model.astream("Hello")]


@pytest.mark.parametrize(
    ("spec", "address"),
    [
        ("openai:http://localhost:8000#m", "http://localhost:8000/v1"),
        ("openai:http://localhost:8000/#m", "http://localhost:8000/v1"),
        ("openai:http://localhost:11434/v1/#m", "http://localhost:11434/v1"),
        ("openai:https://host/api/paas/v4#m", "https://host/api/paas/v4"),
    ],
)
def test_an_address_without_a_path_gets_v1(spec: str, address: str) -> None:
    assert split_spec(spec) == (address, "m")
