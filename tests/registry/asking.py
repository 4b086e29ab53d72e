"""How the tests of the registry on loopback ask it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import requests

from .server import Registry

Get = Callable[..., requests.Response]


def asking(registry: Registry) -> Get:
    """Give a function that asks for a path, with headers and parameters, and follows no redirect.

    Names of parameters are written with `_` for `.`.
    """

    def get(path: str, headers: dict[str, str] | None = None, **params: Any) -> requests.Response:
        named = {name.replace("_", "."): value for name, value in params.items()}
        return requests.get(f"{registry.url}{path}", named, headers=headers, timeout=10, allow_redirects=False)

    return get
