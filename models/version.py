"""The version of the counting code, so that state counted by other rules is never continued."""

import hashlib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

__all__ = ["counting_version"]


@cache
def counting_version() -> str:
    """Return a short text that changes with any source file of the core.

    It is meant to be over-careful: an edited comment costs a replay of the input, a rule that changed unnoticed costs
    wrong numbers.
    """
    digest = hashlib.sha256()
    _read(files("models"), digest.update)
    return digest.hexdigest()[:16]


def _read(folder: Traversable, update: Callable[[bytes], None]) -> None:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            _read(entry, update)
        elif entry.name.endswith(".py"):
            update(entry.name.encode())
            update(entry.read_bytes())
