"""The one error of this package: a sentence a person can act on."""


class LocalError(Exception):
    """What is wrong on this machine, where, and what to do about it; printed without a traceback."""
