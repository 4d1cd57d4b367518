"""Logging: our own lines and the libraries' in one form, and a storm of equal lines cut short."""

import logging
import sys
import time

import structlog

__all__ = ["setup_logging"]

QUIET_SECONDS = 10.0
LIBRARIES = ("aiokafka", "faust", "mode", "asyncio", "streams.faust_app", "streams.transport")  # mode logs there


class Throttle(logging.Filter):
    """Lets a template through once in a while: while Kafka is away its client says the same hundred times a second."""

    def __init__(self) -> None:
        super().__init__()
        self._next: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the line is shown; ours, which are no templates, always are."""
        if not isinstance(record.msg, str):
            return True
        now, key = time.monotonic(), (record.name, record.msg)
        if now < self._next.get(key, 0.0):
            return False
        self._next[key] = now + QUIET_SECONDS
        return True


def setup_logging(level: str) -> None:
    """Log to standard error: for people on a terminal, as JSON lines elsewhere; libraries speak from warning on."""
    is_terminal = sys.stderr.isatty()
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.PositionalArgumentsFormatter(),
    ]
    render: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if is_terminal else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    handler = logging.StreamHandler(sys.stderr)
    last: list[structlog.typing.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        render,
    ]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    handler.addFilter(Throttle())
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
