"""`python -m bench`: every benchmark that needs no collection, one after another; tables go to `bench/results/`.

Those that compare with another service do so where `make peers` has installed it.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
PEERS = ROOT / ".venv" / "peers" / "bin" / "python"
QUESTIONS = (
    "vector_search",
    "word_search",
    "service",
    "growth",
    "keyword_search",
    "recommend_latency",
    "upload_latency",
    "encoder_sharing",
    "html_ratio",
    "lighthouse",
    "pipeline_stages",
    "build_records",
    "downloads",
)
COMPARED = ("service", "downloads")  # with a peer
SINGLE = ("vector_search", "word_search", "growth", "keyword_search", "recommend_latency")  # one thread, as they say
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def main() -> int:
    """Run them; returns the exit status, that of the first that failed."""
    RESULTS.mkdir(exist_ok=True)
    for name in QUESTIONS:
        peer = ["--peer", str(PEERS)] if name in COMPARED and PEERS.exists() else []
        if name == "downloads" and not peer:
            continue  # it is a comparison and nothing else
        print(f"== {name}", flush=True)
        command, threads = [sys.executable, "-m", f"bench.{name}", *peer], ONE_THREAD if name in SINGLE else {}
        done = subprocess.run(command, env=os.environ | threads, stdout=subprocess.PIPE, text=True)
        (RESULTS / f"{name}.txt").write_text(done.stdout)
        print(done.stdout, flush=True)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
