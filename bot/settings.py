"""One typed `Settings`, read from the environment and `.env`; built in the CLI, never at import.

`.env.example` equals these fields (a test holds them together). Lower rooms take plain arguments.
"""

from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_cache_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import NotConfigured
from chains.patience import PATIENCE

PLACEHOLDERS = ("changeme", "your-", "your_", "<", "xxx", "replace", "put-", "123456:abc")


class Settings(BaseSettings):
    """Each field is `MARKETEER_<NAME>` in the environment or in `.env`."""

    model_config = SettingsConfigDict(
        env_prefix="MARKETEER_",
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        env_ignore_empty=True,
    )

    data: Path = Field(default=Path("data"), description="database, vectors and caches of one shop")
    cache: Path = Field(
        default_factory=lambda: user_cache_path("marketeer"), description="prepared weights, shared by shops"
    )
    database: str | None = Field(
        default=None, description="SQLAlchemy URL; empty means SQLite in the data folder"
    )
    chroma: str | None = Field(
        default=None, description="http://HOST:PORT of a Chroma server; empty means embedded"
    )
    model: str = Field(
        default="bundled", description="bundled, a hub id, a folder, a .gguf file, or openai:BASE_URL#MODEL"
    )
    adapter: str = Field(
        default="served",
        description="served (the last one promoted, else the packaged one), none, or a folder",
    )
    model_key: SecretStr | None = Field(default=None, description="key of the OpenAI-compatible model server")
    embeddings: str = Field(
        default="bundled", description="bundled, a hub id, a folder, or openai:BASE_URL#MODEL"
    )
    engine: Literal["own", "llama"] = Field(
        default="own", description="what runs a local model: own, or llama (llama.cpp, an optional package)"
    )
    wording: Literal["model", "rows"] = Field(
        default="model",
        description="who words an answer of one row: the model, or the row itself, which is faster",
    )
    patience: float = Field(
        default=PATIENCE,
        gt=0,
        description="seconds that the model's first sentence is waited for; then the row speaks",
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = Field(default="auto", description="where the model runs")
    telegram_token: SecretStr | None = Field(default=None, description="from @BotFather")
    telegram_api: str = Field(
        default="https://api.telegram.org/bot", description="Bot API base URL (a local server works)"
    )
    marketers: Annotated[tuple[int, ...], NoDecode] = Field(
        default=(), description="Telegram user ids, separated by commas"
    )
    admins: Annotated[tuple[int, ...], NoDecode] = Field(
        default=(), description="Telegram user ids, separated by commas"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="WARNING", description="of the log"
    )

    @field_validator("data", "cache")
    @classmethod
    def _at_home(cls, value: Path) -> Path:
        return value.expanduser()

    @field_validator("log_level", mode="before")
    @classmethod
    def _loud(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("telegram_token", "model_key")
    @classmethod
    def _no_placeholder(cls, value: SecretStr | None) -> SecretStr | None:
        if value and value.get_secret_value().strip().lower().startswith(PLACEHOLDERS):
            raise ValueError("this is still the placeholder; put the real value in .env or delete the line")
        return value

    @field_validator("marketers", "admins", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.replace(";", ",").split(",") if part.strip()]
        if not all(part.isdecimal() for part in parts):
            raise ValueError("give Telegram user ids, which are numbers, separated by commas")
        return tuple(int(part) for part in parts)


def read_settings(data: Path | None = None) -> Settings:
    """The settings of the environment and `.env`; `data` is what the command line says.

    Raises: NotConfigured, one sentence that names each setting and never shows a value.
    """
    try:
        return Settings() if data is None else Settings(data=data)
    except ValidationError as error:
        wrong = [
            f"MARKETEER_{str(item['loc'][0]).upper()}: {item['msg'].removeprefix('Value error, ')}"
            for item in error.errors(include_input=False, include_url=False)
        ]
        raise NotConfigured(f"The settings cannot be used. {'; '.join(wrong)}.") from None
