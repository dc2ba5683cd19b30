"""Run every benchmark, or those named: `python -m bench [quotes_in_process quotes_on_a_socket]`."""

import sys

from api.logs import configure_logging
from bench.quotes import quotes_in_process, quotes_on_a_socket

BENCHMARKS = {each.__name__: each for each in (quotes_in_process, quotes_on_a_socket)}


def main() -> None:
    """Print each benchmark's figures."""
    unknown = [name for name in sys.argv[1:] if name not in BENCHMARKS]
    if unknown:
        sys.exit(f"No such benchmark. There are: {', '.join(BENCHMARKS)}")
    configure_logging("warning")
    for name in sys.argv[1:] or BENCHMARKS:
        BENCHMARKS[name]()


if __name__ == "__main__":
    main()
