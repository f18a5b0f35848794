"""A small Bot API over real HTTP on loopback: as strict as the real one where the bot could trip, records
every call, and can answer 429, 403, or not at all. Knows nothing of the bot under test."""

import asyncio
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

TOKEN = "4242:AAHr-test_token-of-nobody"
BOT = {"id": 4242, "is_bot": True, "first_name": "Tea", "username": "tea_test_bot"}
TAGS = {"b", "strong", "i", "em", "u", "s", "code", "pre", "a"}


@dataclass
class Call:
    """One request as it came."""

    method: str
    params: dict[str, Any]
    at: float = field(default_factory=time.monotonic)

    @property
    def chat(self) -> int | None:
        return self.params.get("chat_id")

    @property
    def text(self) -> str:
        return str(self.params.get("text", ""))


class Refusal(Exception):
    """An error of the Bot API."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        self.code, self.body = code, {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.body["parameters"] = parameters


class Silence(Exception):
    """The connection breaks and no answer comes; what was asked is done or not."""

    def __init__(self, *, done: bool) -> None:
        self.done = done


class FakeTelegram:
    """Start it with `with FakeTelegram() as telegram:`; `telegram.api` goes into the settings."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.chats: dict[int, dict[int, str]] = {}
        """chat -> message id -> the words as the person sees them now"""
        self._updates: list[dict[str, Any]] = []
        self._next_update = 1000
        self._next_message = 1
        self._faults: list[tuple[Callable[[Call], bool], Callable[[Call], None]]] = []
        self._news = threading.Condition()
        self._closing = False

    def __enter__(self) -> "FakeTelegram":
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                try:
                    code, body = fake._answer(self.path, self.headers.get("Content-Type", ""), raw)
                except Silence:
                    self.close_connection = True
                    self.connection.close()
                    return
                payload = json.dumps(body).encode()
                try:
                    self.send_response(code)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(payload)))
                    self.end_headers()
                    self.wfile.write(payload)
                except OSError:
                    self.close_connection = True

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.api = f"http://127.0.0.1:{self._server.server_address[1]}/bot"
        return self

    def __exit__(self, *_: object) -> None:
        self._closing = True
        with self._news:
            self._news.notify_all()
        self._server.shutdown()
        self._server.server_close()

    # what people do

    def say(self, user: int, text: str, *, app: str = "en", **more: Any) -> int:
        """A person writes to the bot in private; the update's id."""
        message = self._message(user, app) | {"text": text} | more
        if text.startswith("/"):
            length = len(text.split()[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return self.push({"message": message})

    def send_photo(self, user: int) -> int:
        """A person sends a picture."""
        size = {"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}
        return self.push({"message": self._message(user, "en") | {"photo": [size]}})

    def press(self, user: int, data: str, *, app: str = "en") -> int:
        """A person presses a button under the bot's message."""
        message = self._message(user, app) | {"text": "?", "from": BOT}
        query = {"id": "9", "from": _user(user, app), "chat_instance": "1", "data": data, "message": message}
        return self.push({"callback_query": query})

    def block(self, user: int) -> int:
        """A person blocks the bot."""
        old, new = {"status": "member", "user": BOT}, {"status": "kicked", "user": BOT, "until_date": 0}
        change = {"chat": _chat(user), "from": _user(user, "en"), "date": int(time.time())}
        return self.push({"my_chat_member": change | {"old_chat_member": old, "new_chat_member": new}})

    def push(self, body: dict[str, Any], update_id: int | None = None) -> int:
        """Queue an update; a given id may repeat an earlier one, as Telegram sometimes does."""
        with self._news:
            if update_id is None:
                self._next_update += 1
                update_id = self._next_update
            self._updates.append({"update_id": update_id} | body)
            self._news.notify_all()
        return update_id

    # what goes wrong

    def fail(
        self, method: str, refusal: Refusal | Silence, *, times: int = 1, chat: int | None = None
    ) -> None:
        """The next `times` calls of `method` (to `chat`) are refused."""

        def act(_: Call) -> None:
            raise refusal

        self.on(method, act, times=times, chat=chat)

    def on(
        self, method: str, act: Callable[[Call], None], *, times: int = 1, chat: int | None = None
    ) -> None:
        """Run `act` before the next `times` calls are served; it may sleep or raise."""
        left = [times]

        def fits(call: Call) -> bool:
            if call.method != method or (chat is not None and call.chat != chat) or left[0] <= 0:
                return False
            left[0] -= 1
            return True

        self._faults.append((fits, act))

    # what was seen

    def of(self, method: str, chat: int | None = None) -> list[Call]:
        """Calls of one method, in order."""
        return [c for c in list(self.calls) if c.method == method and (chat is None or c.chat == chat)]

    def seen(self, chat: int) -> list[str]:
        """What a person sees of the bot's messages now."""
        return list(self.chats.get(chat, {}).values())

    async def until(self, condition: Callable[[], object], seconds: float = 8.0) -> None:
        """Wait without blocking the bot; fails with what was seen."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                told = [(c.method, c.chat, c.text[:60]) for c in self.calls if c.method != "getUpdates"]
                raise AssertionError(f"waited in vain; calls: {told}")
            await asyncio.sleep(0.01)

    # how it answers

    def _answer(self, path: str, kind: str, raw: str) -> tuple[int, dict[str, Any]]:
        token, _, method = path.removeprefix("/bot").partition("/")
        params = json.loads(raw) if "json" in kind else {k: _value(v) for k, v in parse_qsl(raw)}
        if "text" in params:
            params["text"] = str(dict(parse_qsl(raw)).get("text", params["text"]))
        call = Call(method, params)
        self.calls.append(call)
        try:
            if token != TOKEN:
                raise Refusal(401, "Unauthorized")
            for fits, act in list(self._faults):
                if fits(call):
                    act(call)
            handler = getattr(self, f"_{method}", None)
            return 200, {"ok": True, "result": handler(params) if handler else True}
        except Refusal as refusal:
            return refusal.code, refusal.body
        except Silence as silence:
            if silence.done:
                getattr(self, f"_{method}")(params)
            raise

    def _getMe(self, _: dict[str, Any]) -> dict[str, Any]:
        return BOT | {"can_join_groups": True, "supports_inline_queries": False}

    def _getUpdates(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        end = time.monotonic() + params.get("timeout", 0)
        with self._news:
            offset = params.get("offset", 0)
            self._updates = [u for u in self._updates if u["update_id"] >= offset]
            while not self._updates and time.monotonic() < end and not self._closing:
                self._news.wait(0.2)
            return list(self._updates)[:100]

    def _sendMessage(self, params: dict[str, Any]) -> dict[str, Any]:
        chat = params["chat_id"]
        words = _visible(params)
        with self._news:
            number = self._next_message = self._next_message + 1
            self.chats.setdefault(chat, {})[number] = words
        return self._sent(chat, number, words)

    def _editMessageText(self, params: dict[str, Any]) -> dict[str, Any]:
        chat, number = params["chat_id"], params["message_id"]
        words = _visible(params)
        if number not in self.chats.get(chat, {}):
            raise Refusal(400, "Bad Request: message to edit not found")
        if self.chats[chat][number] == words:
            raise Refusal(400, "Bad Request: message is not modified")
        self.chats[chat][number] = words
        return self._sent(chat, number, words)

    def _setMyCommands(self, params: dict[str, Any]) -> bool:
        for command in params["commands"]:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]) or not command["description"]:
                raise Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
        return True

    def _sent(self, chat: int, number: int, words: str) -> dict[str, Any]:
        return {
            "message_id": number,
            "date": int(time.time()),
            "chat": _chat(chat),
            "from": BOT,
            "text": words,
        }

    def _message(self, user: int, app: str) -> dict[str, Any]:
        with self._news:
            self._next_message += 1
            number = self._next_message
        return {"message_id": number, "date": int(time.time()), "chat": _chat(user), "from": _user(user, app)}


def _visible(params: dict[str, Any]) -> str:
    """The words after entity parsing, or the refusal the real API gives."""
    text = str(params.get("text", ""))
    if params.get("parse_mode") == "HTML":
        text = _parse_html(text)
    if not text.strip():
        raise Refusal(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > 4096:
        raise Refusal(400, "Bad Request: message is too long")
    return text.strip()


def _parse_html(text: str) -> str:
    opened: list[str] = []
    out: list[str] = []
    for token in re.findall(r"<[^>]*>|<|&\w+;|&#\d+;|[^<&]+|&", text):
        if token.startswith("<"):
            tag = re.fullmatch(r"<(/?)(\w+)([^<>]*)>", token)
            if tag is None or tag[2] not in TAGS:
                raise Refusal(400, f'Bad Request: can\'t parse entities: Unsupported start tag "{token[1:]}"')
            if not tag[1]:
                opened.append(tag[2])
            elif not opened or opened.pop() != tag[2]:
                raise Refusal(400, "Bad Request: can't parse entities: Unmatched end tag")
        else:
            named = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}
            out.append(named.get(token, token))
    if opened:
        raise Refusal(400, "Bad Request: can't parse entities: Can't find end tag")
    return "".join(out)


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _chat(user: int) -> dict[str, Any]:
    return {"id": user, "type": "private", "first_name": f"U{user}"}


def _user(user: int, app: str) -> dict[str, Any]:
    return {"id": user, "is_bot": False, "first_name": f"U{user}", "language_code": app}
