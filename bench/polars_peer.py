"""polars, merely reading a file and writing it again: `python -m bench.polars_peer`, spoken to by `bench.peer`."""

import json
import os
import sys
import time

import polars


def main() -> None:
    """Answer each line, a form and two files, with the seconds and the processor's seconds that the work took."""
    for line in sys.stdin:
        form, source, target = json.loads(line)
        began, busy = time.perf_counter(), sum(os.times()[:2])
        if form == "csv":
            polars.read_csv(source).write_csv(target)
        else:
            polars.read_ipc_stream(source).write_ipc_stream(target)
        print(json.dumps({"seconds": time.perf_counter() - began, "busy": sum(os.times()[:2]) - busy}), flush=True)


if __name__ == "__main__":
    main()
