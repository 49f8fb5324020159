"""What reading a question costs with 50,000 customers: start, memory, time a question, and time on any text.

Run by `make bench`, each measured in a process of its own. The questions are the golden ones, all of them and each
also with a customer's name put into it.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "golden"
FIGURES = {
    "start: imports, words and names (s)": 1.0,
    "memory of words and names (MB)": 200.0,
    "a question, median (ms)": 5.0,
    "a question, p99 (ms)": 25.0,
    "any text of 300 characters, p99 (ms)": 250.0,
}


def main() -> None:
    """Measure in a fresh process and print beside what is wanted."""
    told = subprocess.run([sys.executable, "-P", __file__, "--measure"], capture_output=True, text=True, check=True)
    measured = json.loads(told.stdout)
    print("\nReading a question, 50,000 customers")
    print(f"  {'':<42} {'measured':>9} {'wanted':>8}")
    for name, most in FIGURES.items():
        print(f"  {name:<42} {measured[name]:9.2f} {most:8.0f}  {'' if measured[name] <= most else 'over'}")


def measure() -> dict[str, float]:
    """Every figure of FIGURES; the made-up names and the KPI files are there before the clock starts."""
    sys.path.insert(0, str(HERE))
    from bench_names import CUSTOMERS, colleagues, companies

    from analytics.semantic import read_model

    chance = random.Random(1)
    customers, reps, model = companies(CUSTOMERS), colleagues(), read_model()
    before, began = _resident(), time.perf_counter()
    from assistant.understanding import Context, understand
    from assistant.understanding.lexicon import Lexicon, our_words
    from assistant.understanding.names import names_of_reps
    from assistant.understanding.naming import NameIndex

    index = NameIndex(customers, reps, common=our_words(model))
    context = Context(Lexicon(names_of_reps(reps), model), model, date(2026, 11, 23), 1, index)
    understand("revenue last week", context)
    start, memory = time.perf_counter() - began, _resident() - before
    index.prepare()
    questions = [json.loads(line)["question"] for path in ("english", "chinese") for line in _lines(path)]
    named = [f"{question} {chance.choice(customers).name}" for question in questions]
    for question in questions[:50]:
        understand(question, context)
    spent = sorted(_ms(question, context) for question in (*questions, *named))
    alphabet = "".join(questions)
    texts = ["".join(chance.choice(alphabet) for _ in range(300)) for _ in range(200)]
    any_text = sorted(_ms(text, context) for text in texts)
    measured = (start, memory, spent[len(spent) // 2], spent[int(len(spent) * 0.99)], any_text[-3])
    return dict(zip(FIGURES, measured, strict=True))


def _ms(text: str, context: object) -> float:
    from assistant.understanding import understand

    began = time.perf_counter()
    understand(text, context)  # type: ignore[arg-type]
    return (time.perf_counter() - began) * 1000


def _lines(name: str) -> list[str]:
    return (GOLDEN / f"{name}.jsonl").read_text("utf-8").splitlines()


def _resident() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


if __name__ == "__main__":
    if "--measure" in sys.argv:
        print(json.dumps(measure()))
    else:
        main()
