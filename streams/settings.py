"""Everything people choose, from `BAYPULSE_…` variables and a TOML file; a variable wins over the file."""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from models.stores import StoreError, Stores
from streams.errors import SettingsError

__all__ = ["ClockSettings", "KafkaSettings", "Settings", "TopicSettings", "load_settings", "load_stores"]

PREFIX = "BAYPULSE_"
CONFIG_VARIABLE = PREFIX + "CONFIG"

Seconds = Annotated[float, Field(gt=0, le=86_400)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,200}$")]


class Section(BaseModel):
    """A table of the file; a name it does not know is a mistake, not an extra."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class KafkaSettings(Section):
    """Where Kafka is and how to get in. Times in seconds."""

    bootstrap: Annotated[str, Field(min_length=1)] = "127.0.0.1:9092"
    security: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    username: str | None = None
    password: SecretStr | None = None
    password_file: Path | None = None
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None
    session_timeout: Annotated[float, Field(ge=6, le=300)] = 10.0
    """After this long without a heartbeat a worker's partitions go to the others."""
    transaction_timeout: Annotated[float, Field(ge=10, le=900)] = 300.0
    """An outage longer than this in the middle of a checkpoint costs a restart; the broker allows up to 15 min."""

    @model_validator(mode="after")
    def _has_credentials(self) -> "KafkaSettings":
        if self.security.startswith("SASL") and not (self.username and (self.password or self.password_file)):
            raise ValueError(f"security {self.security} needs a username, and a password or a password_file")
        if bool(self.cert_file) != bool(self.key_file):
            raise ValueError("cert_file and key_file belong together: give both or none")
        return self


class TopicSettings(Section):
    """The topics and how `baypulse topics` creates them."""

    events: Name = "workshop.events"
    state: Name = "workshop.state"
    dead: Name = "workshop.dead"
    partitions: Annotated[int, Field(ge=1, le=1000)] = 12
    replication: Annotated[int, Field(ge=1, le=7)] = 1
    events_retention_days: Annotated[int, Field(ge=-1)] = 400
    """A replay needs the events of the longest window, twelve months; -1 keeps them for ever."""
    dead_retention_days: Annotated[int, Field(ge=-1)] = 90


class StoreSettings(Section):
    """The list of stores, and what to do with an event of another one."""

    file: Path | None = None
    accept_unknown: bool = False
    timezone: str = "Asia/Shanghai"
    """The zone of an accepted store that is not in the list."""


class WorkerSettings(Section):
    """How a worker works. Times in seconds, sizes in bytes."""

    checkpoint_seconds: Seconds = 2.0
    instance: Name | None = None
    """A name that outlives restarts (a StatefulSet's pod name) makes taking up again faster than a session timeout."""
    refusal_limit: Annotated[float, Field(gt=0, le=1)] = 0.5
    """The share of refused records, over the last thousand or more, above which the worker stops."""
    max_event_bytes: Annotated[int, Field(ge=1_000, le=900_000)] = 256_000


class HttpSettings(Section):
    """Where metrics and health are served."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 9464


class ClockSettings(Section):
    """The wall clock, or one that read `start` at the wall instant `origin` and runs `speed` times as fast."""

    start: AwareDatetime | None = None
    origin: AwareDatetime | None = None
    speed: Annotated[float, Field(ge=0, le=1_000_000)] = 1.0

    @model_validator(mode="after")
    def _is_whole(self) -> "ClockSettings":
        if self.start is None and (self.origin is not None or self.speed != 1):
            raise ValueError(
                "speed and origin mean nothing without a start: give one, such as 2026-03-02T08:00:00+08:00"
            )
        return self


class Settings(BaseSettings):
    """All settings of one process."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="_", env_nested_max_split=1, frozen=True, extra="forbid"
    )

    app_id: Name = "baypulse"
    """The consumer group, and the first part of the ids that guard the state."""
    kafka: KafkaSettings = KafkaSettings()
    topics: TopicSettings = TopicSettings()
    stores: StoreSettings = StoreSettings()
    worker: WorkerSettings = WorkerSettings()
    http: HttpSettings = HttpSettings()
    clock: ClockSettings = ClockSettings()
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Variables first, then what the file said."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings


def load_settings(config: Path | None = None) -> Settings:
    """Return the settings of the environment and of a TOML file (default: `BAYPULSE_CONFIG`, else none)."""
    named = os.environ.get(CONFIG_VARIABLE)
    path = config or (Path(named) if named else None)
    tables = _read_toml(path) if path else {}
    try:
        return Settings(**tables)
    except ValidationError as error:
        raise _explain(error, path) from None


def load_stores(settings: StoreSettings) -> Stores:
    """Return the stores of the file (none without one), and the default store where unknown ones are accepted."""
    tables = _read_toml(settings.file) if settings.file else {}
    if settings.accept_unknown:
        tables = {"default": {"timezone": settings.timezone}, **tables}
    if not tables:
        msg = "no stores: name their file in BAYPULSE_STORES_FILE, or set BAYPULSE_STORES_ACCEPT_UNKNOWN=true"
        raise SettingsError(msg)
    try:
        return Stores.from_dict(tables)
    except StoreError as error:
        raise SettingsError(f"{settings.file or 'BAYPULSE_STORES_TIMEZONE'}: {error}") from None


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"can't read {path}: {getattr(error, 'strerror', None) or error}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is no valid TOML: {error}") from None


def _explain(error: ValidationError, path: Path | None) -> SettingsError:
    first = error.errors(include_url=False)[0]
    names = [str(part) for part in first["loc"]]
    variable = PREFIX + "_".join(names).upper()
    place = f"{variable} ({'.'.join(names)} in {path})" if path else variable
    unknown = first["type"] == "extra_forbidden"
    reason = "there is no such setting" if unknown else first["msg"].removeprefix("Value error, ")
    return SettingsError(f"{place}: {reason}")
