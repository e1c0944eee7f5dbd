"""`python -m bench`: every benchmark that needs no collection, one after another; tables go to `bench/results/`."""

import subprocess
import sys
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
QUESTIONS = (
    "vector_search",
    "word_search",
    "growth",
    "keyword_search",
    "recommend_latency",
    "upload_latency",
    "html_ratio",
    "lighthouse",
)


def main() -> int:
    """Run them; returns the exit status, that of the first that failed."""
    RESULTS.mkdir(exist_ok=True)
    for name in QUESTIONS:
        print(f"== {name}", flush=True)
        done = subprocess.run([sys.executable, "-m", f"bench.{name}"], stdout=subprocess.PIPE, text=True)
        (RESULTS / f"{name}.txt").write_text(done.stdout)
        print(done.stdout, flush=True)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
