"""Every setting, its default and its check: from a file in instance/, then from the environment."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parent.parent
FILE = "settings.toml"
PREFIX = "SURVEY_"


class SettingsError(Exception):
    """A setting that cannot be used: which, where it stands, what to write instead."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that can be set. docs/settings.md is the same table for operators."""

    instance: Path = PROJECT / "instance"
    questionnaires: Path = PROJECT / "questionnaires"
    base_url: str = ""
    proxies: int = 0
    threads: int = 8
    connections: int = 2000
    max_body: int = 262_144
    session_idle_minutes: int = 60
    session_hours: int = 12
    export_at_once: int = 5000

    @property
    def database(self) -> Path:
        return self.instance / "survey.sqlite3"


def _folder(text: str) -> Path:
    return Path(text).expanduser().resolve()


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.netloc):
        raise ValueError("an address such as https://tashkhis.example")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("an address without a path, such as https://tashkhis.example")
    return text.rstrip("/")


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise ValueError(f"a whole number from {least:,} to {most:,}")
        return int(text)

    return read


CHECKS: dict[str, Callable[[str], Any]] = {
    "instance": _folder,
    "questionnaires": _folder,
    "base_url": _base_url,
    "proxies": _whole(0, 5),
    "threads": _whole(1, 64),
    "connections": _whole(10, 100_000),
    "max_body": _whole(65_536, 16_777_216),
    "session_idle_minutes": _whole(5, 720),
    "session_hours": _whole(1, 24),
    "export_at_once": _whole(0, 1_000_000),
}
"""How each setting's text is read; ValueError says what it should be."""


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force: defaults, then instance/settings.toml, then SURVEY_* variables.

    Raises SettingsError for an unknown name or a value that does not fit.
    """
    known = {f"{PREFIX}{item.name.upper()}": item.name for item in fields(Settings)}
    given = {name: value for name, value in environment.items() if name.startswith(PREFIX)}
    unknown = sorted(given.keys() - known.keys())
    if unknown:
        raise SettingsError(f"{unknown[0]} is no setting. There are: {', '.join(sorted(known))}.")
    from_environment = {
        known[name]: _read(known[name], value, name) for name, value in given.items()
    }
    instance = from_environment.get("instance", Settings().instance)
    from_file = _read_file(instance / FILE)
    return replace(Settings(), **(from_file | from_environment))


def _read(name: str, text: str, place: str) -> Any:
    try:
        return CHECKS[name](text)
    except (ValueError, OSError) as error:
        raise SettingsError(f"{place} cannot be {text[:80]!r}. Write {error}.") from None


def _read_file(path: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read: {error}.") from None
    names = CHECKS.keys() - {"instance"}
    unknown = sorted(content.keys() - names)
    if unknown:
        raise SettingsError(
            f"{path}: {unknown[0]} is no setting. There are: {', '.join(sorted(names))}."
        )
    return {name: _read(name, str(value), f"{path}: {name}") for name, value in content.items()}


def read_secret(instance: Path) -> bytes:
    """The instance's secret, made at the first start; several processes may ask at once."""
    path = instance / "secret"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        draft = instance / f"secret.{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process was first: its secret holds
            os.link(draft, path)
        draft.unlink()
    return path.read_bytes()
