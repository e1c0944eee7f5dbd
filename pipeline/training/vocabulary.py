"""A short vocabulary for a small text tower: the first merges of open_clip's own tokenizer file."""

import gzip
from pathlib import Path


def write_vocabulary(target: Path, merges: int = 1500) -> int:
    """Writes the file for `SimpleTokenizer(bpe_path=...)` and gives the size of its vocabulary."""
    from open_clip.tokenizer import default_bpe

    lines = gzip.decompress(Path(default_bpe()).read_bytes()).decode().split("\n")[: merges + 1]
    # No newline at the end: the reader would take the nothing after it for one more merge.
    target.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
    return 2 * 256 + merges + 2  # each byte alone and at the end of a word, the merges, start and end of text
