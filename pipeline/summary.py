"""What a build came to, as a file for programs: `report.json` in the workspace."""

import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from pipeline.build import Outcome
from pipeline.sources.harvard_api import redactor
from pipeline.workspace import Workspace, WorkspaceBusy

_IDS = 1000  # of each kind of change; the counts are whole


@dataclass(slots=True)
class Summary:
    """Takes the outcome of a build that was finished."""

    outcome: Outcome | None = None


@contextmanager
def summarised(workspace: Workspace) -> Iterator[Summary]:
    """Write the summary of the build within the block, whether it is finished or ended by an error.

    A build that found the workspace busy leaves the summary to the one that is at work there.
    """
    summary, started, clock = Summary(), datetime.now(UTC), time.monotonic()
    error: BaseException | None = None
    try:
        yield summary
    except BaseException as raised:
        error = raised
        raise
    finally:
        if not isinstance(error, WorkspaceBusy):
            said = {
                "status": _status(summary.outcome, error),
                "error": f"{error}" or type(error).__name__ if error else None,
                "started": started.isoformat(timespec="seconds"),
                "seconds": round(time.monotonic() - clock, 1),
            }
            said |= _outcome(summary.outcome, workspace) if summary.outcome else {}
            key = os.environ.get("HARVARD_API_KEY", "").strip()
            with suppress(OSError):  # a full disk is said already, and what was published is published
                workspace.write_summary(redactor(key)(said) if key else said)


def _status(outcome: Outcome | None, error: BaseException | None) -> str:
    if error or not outcome:
        return "failed"
    return "published" if outcome.published else "unchanged"


def _outcome(outcome: Outcome, workspace: Workspace) -> dict[str, Any]:
    manifest = outcome.manifest
    counts = Counter(failure.status for failure in outcome.failures)
    return {
        "release": manifest.name,
        "works": manifest.works,
        "pictures": manifest.pictures,
        **{name: {"count": len(ids), "ids": ids[:_IDS]} for name, ids in asdict(outcome.changes).items()},
        "failed": {"count": counts.total(), "by_status": dict(counts.most_common()), "rows": str(workspace.report)},
        "removed_releases": outcome.pruned.releases,
        "removed_pictures": outcome.pruned.pictures,
    }
