"""Run every benchmark, or those named: `python -m bench [rolls_as_csv …]`; a name that is none lists them."""

import sys

from api.logs import configure_logging
from bench.fuzz import bodies_fuzzed
from bench.history import long_history
from bench.paths import paths_of_a_projection
from bench.quotes import quotes_in_process, quotes_on_a_socket
from bench.rolls import rolls_as_arrow, rolls_as_csv
from bench.rolls_openfisca import rolls_against_openfisca
from bench.rolls_streamed import quotes_beside_a_roll, rolls_streamed

BENCHMARKS = {
    each.__name__: each
    for each in (
        quotes_in_process,
        quotes_on_a_socket,
        long_history,
        paths_of_a_projection,
        rolls_as_csv,
        rolls_as_arrow,
        rolls_against_openfisca,
        rolls_streamed,
        quotes_beside_a_roll,
        bodies_fuzzed,
    )
}


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
