"""The server: uvicorn, with bounds on what connections may take, and an end in bounded time.

What lies below the application: bytes and time of a request's head, connections open at once, answers in our own form
to what is not HTTP. Bounds on bodies and on requests worked on at once are the application's.

After SIGTERM the listener closes. A request that has been read is answered, one whose body is still on its way may
finish it, and each such answer closes its connection. Connections without a request are closed.
"""

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import FrameType

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from api.application import create_app
from api.connections import Gate
from api.logs import configure_logging, log
from api.protocol import BoundedProtocol
from api.settings import Settings

OVERTIME_SECONDS = 2.0
"""How long after `shutdown_seconds` a process that has not ended is ended."""
WORKER_SECONDS = 30
"""How long a worker may take to start, and to say that it is well, before its parent replaces it."""


def serve(settings: Settings, host: str, port: int, workers: int, announce: Callable[[int], None]) -> None:
    """Serve until SIGINT, SIGTERM or the end of the terminal. The limits hold for each worker process.

    Args: our settings, where to listen, how many processes, what to tell the port to before it is listened on.
    """
    configure_logging(settings.log_level)
    config = ServerConfig(settings, host, port, workers)
    listener = config.bind_socket()
    announce(listener.getsockname()[1])
    # Before uvicorn takes the signal over, and when it has ended and raises it again.
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
    with suppress(KeyboardInterrupt):
        if workers == 1:
            _end_with_the_terminal()
            _Server(config).run([listener])
        else:
            _Workers(config, [listener]).run()


def _end_with_the_terminal() -> None:
    """SIGHUP ends the process as SIGTERM does, unless it is ignored (`nohup`). Several workers are restarted by it."""
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, lambda _signal, _frame: signal.raise_signal(signal.SIGTERM))


def _application(settings: Settings) -> ASGIApp:
    """The application, made in the process that runs it."""
    configure_logging(settings.log_level)
    application = create_app(settings)
    gc.freeze()  # what there is now stays: to look through it for garbage would only keep quotes waiting
    return application


class ServerConfig(uvicorn.Config):
    """uvicorn's configuration, with our settings and the process's gate where every connection finds them."""

    def __init__(self, settings: Settings, host: str, port: int, workers: int) -> None:
        """Args: our settings, where to listen, how many processes."""
        self.settings = settings
        self.gate = Gate(settings.max_connections)
        super().__init__(
            partial(_application, settings),
            factory=True,
            host=host,
            port=port,
            workers=workers,
            http=BoundedProtocol,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=settings.idle_seconds,
            timeout_graceful_shutdown=settings.shutdown_seconds,
            timeout_worker_healthcheck=WORKER_SECONDS,
        )


class _Server(uvicorn.Server):
    """A server whose process ends, even if something in it never does."""

    config: ServerConfig

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        if not self.should_exit:
            timer = threading.Timer(self.config.settings.shutdown_seconds + OVERTIME_SECONDS, _end)
            timer.daemon = True
            timer.start()
        super().handle_exit(sig, frame)


def _end() -> None:
    log.error("did not stop in time")
    os._exit(1)


class _Workers(Multiprocess):
    """Several processes that serve one socket, and their parent."""

    config: ServerConfig

    def terminate_all(self) -> None:
        """Tell the workers to stop. Who connects from now on is refused, and not kept waiting until they have."""
        for listener in self.sockets:
            listener.close()
        super().terminate_all()

    def join_all(self) -> None:
        """Wait for the workers, and end those that do not stop in time."""
        deadline = time.monotonic() + self.config.settings.shutdown_seconds + OVERTIME_SECONDS
        for worker in self.processes:
            worker.process.join(max(0.0, deadline - time.monotonic()))
            if worker.exitcode is None:
                worker.kill()
        super().join_all()
