"""`baypulse worker`: consume events, keep the KPIs, serve them."""

from streams.bootstrap import bootstrap
from streams.commands.options import Config
from streams.logs import setup_logging
from streams.run import run
from streams.settings import load_settings

__all__ = ["worker"]


def worker(config: Config = None) -> None:
    """Consume events, keep the KPIs of the partitions assigned to this process, and serve them to Prometheus.

    Start as many as you like: they share the partitions. Ends with 0 on SIGTERM, 1 when another worker took over or
    something broke, 2 when the settings or topics are wrong or Kafka isn't there, 3 when Kafka left it no way to stop.
    """
    settings = load_settings(config)
    setup_logging(settings.log_level)
    run(bootstrap(settings))
