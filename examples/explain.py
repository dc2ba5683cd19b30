"""Print the explanation of an answer: one formula a line, the formulas that it uses indented under it.

    curl … -d '{…, "explain": true}' | python3 examples/explain.py

Values are rounded to six decimals for reading. The answer itself has every digit, and the inputs of every formula.
"""

import json
import sys
from decimal import Decimal
from typing import Any


def lines(step: dict[str, Any], depth: int = 0) -> list[str]:
    """The formula with its value and source, then the formulas that it called."""
    value = f"{Decimal(step['value']):.6f}".rstrip("0").rstrip(".")
    own = f"{'  ' * depth}{step['formula']} = {value}  [{step['source']}]"
    return [own, *(line for each in step["steps"] for line in lines(each, depth + 1))]


def main() -> None:
    """Read an answer, print its explanation."""
    answer = json.load(sys.stdin)
    if "explanation" not in answer:
        sys.exit(answer.get("detail", 'The answer has no explanation: ask for one with "explain": true.'))
    sys.stdout.write("\n".join(lines(answer["explanation"])) + "\n")


if __name__ == "__main__":
    main()
