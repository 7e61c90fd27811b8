"""Settings of one installation: read from the environment and checked all at once."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
DEMO_BUREAU = ROOT / "backend" / "demo" / "bureau.yaml"


class SettingsError(Exception):
    """The installation cannot start; the message lists everything that is missing or wrong."""


class Office(BaseModel):
    """A place or a telephone a worker can turn to; an empty address or phone is not shown."""

    model_config = ConfigDict(extra="forbid")
    name: str
    address: str | None = None
    phone: str | None = None
    hours: str | None = None


class OtherDistrict(BaseModel):
    """A neighbouring district and the bureau that is competent there (粤监察 26)."""

    model_config = ConfigDict(extra="forbid")
    code: str
    name: str
    bureau_name: str
    address: str | None = None
    phone: str | None = None


class Hotline(BaseModel):
    """A public telephone number and what it is for."""

    model_config = ConfigDict(extra="forbid")
    label: str
    phone: str
    note: str = ""


class Period(BaseModel):
    """Part of a working day in which the office is open, as HH:MM."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    opens: str = Field(alias="from", pattern=r"^\d\d:\d\d$")
    closes: str = Field(alias="to", pattern=r"^\d\d:\d\d$")


class Region(BaseModel):
    """The district whose bureau this is."""

    model_config = ConfigDict(extra="forbid")
    code: str
    name: str
    city: str


class Brands(BaseModel):
    """Names the bureau gives its services."""

    model_config = ConfigDict(extra="forbid")
    lectures: str = "普法讲座"
    site_codes: str = "维权码"
    early_warning: str = "欠薪预警"


class NoticeSection(BaseModel):
    """One paragraph of the privacy notice."""

    model_config = ConfigDict(extra="forbid")
    title: str
    text: str


class PrivacyNotice(BaseModel):
    """What the worker is told before the first datum (个人信息保护法 17, 30, 35)."""

    model_config = ConfigDict(extra="forbid")
    version: str
    title: str
    sections: list[NoticeSection]


class Policy(BaseModel):
    """The bureau's own windows [POLICY]; the lengths fixed by law are in backend/law."""

    model_config = ConfigDict(extra="forbid")
    appointment_places_per_period: int = Field(default=4, ge=0)
    lecture_party_max: int = Field(default=60, ge=1)
    evidence_max_files: int = Field(default=20, ge=1)
    evidence_max_bytes: int = Field(default=20 * 1024 * 1024, ge=1024)
    receipt_guesses_per_hour: int = Field(default=10, ge=1)


# What a message to a person is about, as far as anything outside the house may know.
MessageKind = Literal["progress", "reminder", "answer", "booking", "lecture_reminder"]
# When the mini-program may ask, and for which messages; WeChat allows three templates a tap.
MOMENTS: dict[str, tuple[MessageKind, ...]] = {
    "filing": ("progress", "reminder"),
    "asking": ("answer",),
    "booking": ("booking", "lecture_reminder"),
}
# Only kinds of field that cannot hold an amount, a name or a telephone.
TemplateField = Annotated[
    str, Field(pattern=r"^(thing|phrase|character_string|time|date)[0-9]{1,2}$")
]


class SubscribeTemplate(BaseModel):
    """A template of a subscribe message (订阅消息), and which neutral fact stands in each field."""

    model_config = ConfigDict(extra="forbid")
    template: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    consent: Literal["one_time", "long_term"]
    fields: dict[TemplateField, Literal["what", "when", "where", "note"]] = Field(min_length=1)
    page: str = Field(default="pages/mine/index", pattern=r"^[a-z][A-Za-z0-9/_-]*$")

    @model_validator(mode="after")
    def _times_hold_times(self) -> SubscribeTemplate:
        for name, fact in self.fields.items():
            if name.startswith(("time", "date")) and fact != "when":
                raise ValueError(f"{name} can only hold `when`")
        return self


class Bureau(BaseModel):
    """One bureau: its name, region, brands, offices and words."""

    model_config = ConfigDict(extra="forbid")
    name: str
    short_name: str
    document_prefix: str
    region: Region
    brands: Brands = Brands()
    hotlines: list[Hotline] = []
    offices: list[Office] = []
    confirmation_place: Office
    legal_aid: Office | None = None
    supervision_phone: str | None = None
    other_districts: list[OtherDistrict] = []
    streets: list[str] = []
    office_hours: list[Period]
    privacy: PrivacyNotice
    policy: Policy = Policy()
    #: Minimum wage and other yearly values of this region; beside the bureau's own file.
    values_file: Path | None = None
    #: Subscribe messages of the mini-program; a kind without one goes the next way.
    subscribe_messages: dict[MessageKind, SubscribeTemplate] = {}

    @model_validator(mode="after")
    def _no_moment_mixes_consents(self) -> Bureau:
        # WeChat refuses a request that names one-time and long-term templates together
        for moment, kinds in MOMENTS.items():
            found = [self.subscribe_messages[k] for k in kinds if k in self.subscribe_messages]
            if len({template.consent for template in found}) > 1:
                raise ValueError(f"{moment}: one_time and long_term templates cannot be mixed")
        kept: dict[str, str] = {}
        for template in self.subscribe_messages.values():
            if kept.setdefault(template.template, template.consent) != template.consent:
                raise ValueError(f"{template.template} cannot be both one_time and long_term")
        return self

    @classmethod
    def from_file(cls, path: Path) -> Bureau:
        """Read a bureau's YAML file; raises SettingsError naming file and fields."""
        try:
            return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except (OSError, yaml.YAMLError) as error:
            raise SettingsError(f"cannot read the bureau file {path}: {error}") from error
        except ValidationError as error:
            lines = [f"  {_path(e['loc'])}: {e['msg']}" for e in error.errors()]
            raise SettingsError("\n".join([f"the bureau file {path} is wrong:", *lines])) from error


class Settings(BaseSettings):
    """Everything an installation can set; environment variables start with XINHU_."""

    model_config = SettingsConfigDict(env_prefix="XINHU_", extra="ignore", frozen=True)

    demo: bool = False
    data_dir: Path = ROOT / "var"
    database_url: str | None = None
    storage_url: str | None = None
    redis_url: str | None = None
    bureau_file: Path | None = None
    session_key: str | None = Field(default=None, min_length=32)
    field_key: str | None = None
    index_key: str | None = Field(default=None, min_length=32)
    audit_key: str | None = Field(default=None, min_length=32)
    wechat_app_id: str | None = None
    wechat_app_secret: str | None = None
    wechat_token: str | None = Field(default=None, pattern=r"^[A-Za-z0-9]{3,32}$")
    wechat_aes_key: str | None = None
    wechat_api_base: str = "https://api.weixin.qq.com"
    wechat_account_app_id: str | None = None
    wechat_account_app_secret: str | None = None
    wechat_account_token: str | None = Field(default=None, pattern=r"^[A-Za-z0-9]{3,32}$")
    wechat_account_aes_key: str | None = None
    sms_url: str | None = None
    sms_secret: str | None = None
    public_url: str | None = None
    proxy_hops: int = Field(default=0, ge=0, le=5)
    demo_url: str = "http://127.0.0.1:8000"
    mini_dir: Path = ROOT / "miniprogram" / "dist" / "build" / "h5"

    @field_validator("field_key")
    @classmethod
    def _field_key_is_256_bits(cls, value: str | None) -> str | None:
        if value is not None and len(_decode(value)) != 32:
            raise ValueError("must be 32 bytes in base64")
        return value

    @field_validator("wechat_account_aes_key", "wechat_aes_key")
    @classmethod
    def _aes_key_is_wechats(cls, value: str | None) -> str | None:
        if value is not None and (len(value) != 43 or len(_decode(value + "=")) != 32):
            raise ValueError("must be the 43 characters of WeChat's EncodingAESKey")
        return value

    @property
    def database(self) -> str:
        """SQLAlchemy address of the database; SQLite in the data folder unless set."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'xinhu.sqlite3'}"

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database.startswith("sqlite")

    @property
    def is_wechat_played(self) -> bool:
        """Whether the WeChat that is asked is the demo's own."""
        return self.demo and self.wechat_api_base == f"{self.demo_url}/demo/wechat"

    def beside_bureau(self, file: Path | None) -> Path | None:
        """A file the bureau's own file names, which may be written relative to it."""
        if file is None or self.bureau_file is None:
            return None
        return self.bureau_file.parent / file

    def key(self, name: str) -> bytes:
        """A secret as bytes: `session`, `field`, `index` or `audit`."""
        value = getattr(self, f"{name}_key")
        return _decode(value) if name == "field" else value.encode()


REQUIRED = {
    "bureau_file": "YAML file with the bureau's name, region, offices and privacy notice",
    "session_key": "32 or more random characters; signs links and forms",
    "field_key": "32 random bytes in base64; encrypts personal data",
    "index_key": "32 or more random characters; makes encrypted telephones findable",
    "audit_key": "32 or more random characters; seals the audit record",
}

# All of these or none: without any there is no official account.
ACCOUNT = {
    "wechat_account_app_id": "app id of the official account",
    "wechat_account_app_secret": "app secret of the official account",
    "wechat_account_token": "token of the official account's server configuration",
}


def load(**overrides: Any) -> Settings:
    """Read and check the settings; SettingsError lists every missing or wrong one at once."""
    try:
        settings = Settings(**overrides)
    except ValidationError as error:
        lines = [f"  XINHU_{_path(e['loc']).upper()}: {e['msg']}" for e in error.errors()]
        raise SettingsError("\n".join(["these settings are wrong:", *lines])) from error
    if settings.demo:
        return settings.model_copy(update=_demo_values(settings))
    wanted = REQUIRED | (ACCOUNT if _has_account(settings) else {})
    missing = [
        f"  XINHU_{k.upper()}: {why}" for k, why in wanted.items() if not getattr(settings, k)
    ]
    if missing:
        raise SettingsError(
            "\n".join(["these settings are missing (docs/operations.md explains them):", *missing])
        )
    return settings


def _has_account(settings: Settings) -> bool:
    return any(getattr(settings, name) for name in (*ACCOUNT, "wechat_account_aes_key"))


def _demo_values(settings: Settings) -> dict[str, Any]:
    """Keys that protect nothing: the demo holds invented people and listens on loopback only."""
    values: dict[str, Any] = {"bureau_file": settings.bureau_file or DEMO_BUREAU}
    for name in ("session_key", "index_key", "audit_key"):
        values[name] = (
            getattr(settings, name) or hashlib.sha256(f"demo {name}".encode()).hexdigest()
        )
    demo_field = base64.b64encode(hashlib.sha256(b"demo field_key").digest()).decode()
    values["field_key"] = settings.field_key or demo_field
    if not _has_account(settings) and not settings.wechat_app_id:
        values |= _demo_account(settings)
    return values


def _demo_account(settings: Settings) -> dict[str, Any]:
    """An official account at the demo's own WeChat server, which the web process plays."""
    aes_key = base64.b64encode(hashlib.sha256(b"demo aes_key").digest()).decode()
    return {
        "wechat_api_base": f"{settings.demo_url}/demo/wechat",
        "wechat_account_app_id": "wxdemoaccount",
        "wechat_account_app_secret": "demo-account-secret",
        "wechat_account_token": "demotoken",
        "wechat_account_aes_key": aes_key.rstrip("="),
    }


def _decode(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except ValueError:
        return b""


def _path(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)
