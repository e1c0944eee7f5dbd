"""What Lighthouse says of the first page and of results, on its phone profile: the median of a few runs.

python -m bench.lighthouse [--indexes DIR] [--runs N]

Lighthouse is fetched by npm, and drives Debian's Chromium; nothing else is asked of the network. Without `--indexes`
the service shows the small collection of the tests. Performance depends on how busy the machine is: Lighthouse says
0 to 100, and counts 90 and more as good.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.browser import CHROMIUM, served
from tests.collection import small_collection

LIGHTHOUSE = "lighthouse@13.5.0"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PAGES = {"the first page": "/", "results": "/search?genre={genre}", "as a table": "/search?view=table&size=50"}
CHROME_FLAGS = "--headless=new --no-sandbox --disable-gpu"


def scores(address: str, folder: Path) -> tuple[dict[str, int], list[str]]:
    """The score of each category, 0 to 100, and what Lighthouse would have done better in all but performance."""
    report = folder / "report.json"
    command = [
        "npx", "--yes", LIGHTHOUSE, address, "--quiet", "--output=json", f"--output-path={report}",
        f"--chrome-flags={CHROME_FLAGS}", f"--only-categories={','.join(CATEGORIES)}",
    ]  # fmt: skip
    subprocess.run(command, check=True, env=os.environ | {"CHROME_PATH": CHROMIUM}, stderr=subprocess.DEVNULL)
    said = json.loads(report.read_text())
    asked = {ref["id"] for name in CATEGORIES[1:] for ref in said["categories"][name]["auditRefs"] if ref["weight"]}
    faults = [name for name, audit in said["audits"].items() if name in asked and audit["score"] == 0]
    return {name: round(100 * said["categories"][name]["score"]) for name in CATEGORIES}, faults


def main() -> int:
    """Print a row for each page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--indexes", type=Path, help="a published collection, in place of the small one")
    parser.add_argument("--genre", default="portrait", help="the genre whose works are the results")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    if not shutil.which("npx") or not Path(CHROMIUM).exists():
        print("Skipped: Lighthouse needs npm (Debian's package npm) and Chromium (Debian's package chromium).")
        return 0
    fetched = subprocess.run(["npx", "--yes", LIGHTHOUSE, "--version"], capture_output=True, text=True)
    if fetched.returncode:
        print(f"Skipped: npm could not fetch {LIGHTHOUSE}.\n{fetched.stderr.strip()[-300:]}")
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        indexes = options.indexes or small_collection(folder / "indexes")
        with served(indexes, folder) as site:
            print(f"Lighthouse {fetched.stdout.strip()}, phone, median of {options.runs}")
            print(f"{'':<16}" + "".join(f"{category:>16}" for category in CATEGORIES))
            for said, path in PAGES.items():
                runs = [scores(site + path.format(genre=options.genre), folder) for _ in range(options.runs)]
                medians = [statistics.median(found[category] for found, _ in runs) for category in CATEGORIES]
                print(f"{said:<16}" + "".join(f"{median:>16.0f}" for median in medians), flush=True)
                for fault in sorted({fault for _, faults in runs for fault in faults}):
                    print(f"  {fault}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
