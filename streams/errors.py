"""Errors that a person gets to read as one sentence, with the exit code of the process that met them."""

__all__ = ["BrokerError", "SettingsError", "StoppedError", "TopicsError", "UserError"]


class UserError(Exception):
    """What is wrong, where and what to do about it, in one sentence; printed without a traceback."""

    exit_code = 2


class SettingsError(UserError):
    """A setting is wrong or missing."""


class BrokerError(UserError):
    """Kafka can't be reached, or doesn't let this client in."""


class TopicsError(UserError):
    """The topics are not what the worker needs."""


class StoppedError(UserError):
    """The worker ended itself, because going on would lose or spoil something."""

    exit_code = 1
