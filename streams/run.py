"""A worker as a process: from the first signal handler to the exit code."""

import asyncio

import faust

from streams.bootstrap import Worker

__all__ = ["run"]


def run(worker: Worker) -> None:
    """Run until SIGTERM or SIGINT, or raise what ended it."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    process = faust.Worker(
        worker.app, loop=loop, quiet=True, override_logging=False, redirect_stdouts=False, loglevel=None
    )
    process.spinner = None  # it writes to the terminal
    start = loop.create_task(process.start())
    # mode cancels this task when a signal comes during the start.
    process._starting_fut = start  # noqa: SLF001 - its own way to run does the same, and then prints tracebacks
    try:
        loop.run_until_complete(start)
    except asyncio.CancelledError:
        return
    finally:
        process.stop_and_shutdown()
