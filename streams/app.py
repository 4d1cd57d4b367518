"""`faust -A streams.app worker`: the application of the environment's settings, built when it is first asked for."""

from functools import cache

from streams.bootstrap import bootstrap
from streams.faust_app import WorkerApp
from streams.settings import load_settings

__all__ = ["app"]  # noqa: F822 - see __getattr__


@cache
def _build() -> WorkerApp:
    return bootstrap(load_settings()).app


def __getattr__(name: str) -> WorkerApp:
    if name == "app":
        return _build()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
