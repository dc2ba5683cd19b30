"""What a running application holds: the engine of the current snapshot, and its metrics."""

from dataclasses import dataclass, field

from starlette.requests import Request

from api.engine import Engine
from api.metrics import Metrics
from api.problems import Problem


@dataclass
class Running:
    """State of one application; `current` is None before the first snapshot."""

    current: Engine | None = None
    metrics: Metrics = field(default_factory=Metrics)

    @property
    def engine(self) -> Engine:
        """The current engine. Raises: Problem (`not_ready`)."""
        if self.current is None:
            detail = "The service is starting. Try again shortly."
            raise Problem("not_ready", detail, headers=[(b"retry-after", b"1")])
        return self.current


def running(request: Request) -> Running:
    """The state of the application that answers a request."""
    state: Running = request.app.state.running
    return state
