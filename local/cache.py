"""Where this user's downloads and demo data live."""

import os
from pathlib import Path

import platformdirs

from local.errors import LocalError


def cache_dir() -> Path:
    """The folder for everything that can be downloaded or simulated again; BAYPULSE_CACHE overrides it."""
    chosen = os.environ.get("BAYPULSE_CACHE")
    return Path(chosen).expanduser().absolute() if chosen else platformdirs.user_cache_path("baypulse")


def writable(folder: Path) -> Path:
    """`folder`, made if it wasn't there; LocalError when nothing can be written into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        msg = f"can't write to {folder} ({error.strerror}): name another folder in BAYPULSE_CACHE"
        raise LocalError(msg) from error
    return folder
