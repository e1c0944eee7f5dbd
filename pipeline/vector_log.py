"""An append-only file of vectors by picture: what is in it is never computed twice, even after a power cut."""

import os
import re
import struct
import zlib
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexes.errors import VitrineError

_DIGEST_BYTES = 32  # SHA-256
_MAGIC = b"VITRVEC\n"
_VERSION = 1
_HEADER = struct.Struct("<8sIII")  # magic, version, dimension, length of the identity that follows

# What a power cut can spoil was written by the last batch, and no batch is longer than this.
_TAIL = 4096


class VectorLogError(VitrineError):
    """The file is not, or no longer, a log of these vectors; the sentence says which file and what to do."""


class VectorLog:
    """The vectors that one encoder made, each under the SHA-256 digest of its picture.

    Each encoder identity has a file of its own in the folder, so that a changed encoder starts afresh and a change
    taken back finds its old vectors. The file is a header and then records of one size: digest (32 bytes), vector
    (little-endian float32 unless said otherwise), CRC-32 of both. What a killed write left behind is cut off when the
    file is opened. One process at a time may have it open. Digests are 64 hexadecimal digits, as in `PictureStore`.
    """

    def __init__(self, folder: Path, identity: str, dimension: int, number: str = "<f4") -> None:
        """Opens the file of this identity in `folder`, or makes it. Raises VectorLogError where it is not one.

        `number` is the type of what is in a vector, as NumPy writes it.
        """
        name = re.sub(r"[^a-z0-9]+", "-", identity.lower()).strip("-")[:40]
        self.path = folder / f"{name}-{sha256(identity.encode()).hexdigest()[:12]}.vectors"
        self.identity = identity
        self.dimension = dimension
        self._record = np.dtype(
            [("digest", "u1", (_DIGEST_BYTES,)), ("vector", number, (dimension,)), ("check", "<u4")], align=False
        )
        self._header = _header(identity, dimension)
        folder.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("r+b" if self.path.exists() else "x+b")
        try:
            self._start()
            self._cut_torn_tail()
            self._rows = self._index()
        except BaseException:
            self._file.close()
            raise

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, digest: str) -> bool:
        return bytes.fromhex(digest) in self._rows

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file. Every batch is on the disk already."""
        self._file.close()

    def append(self, digests: Sequence[str], vectors: NDArray[Any]) -> None:
        """Adds vectors (n, dimension) under their digests, n up to 4096, and returns when they are on the disk.

        Raises ValueError where the shapes do not agree or a value is not finite, OSError where the disk is full; then
        nothing was added.
        """
        if vectors.shape != (len(digests), self.dimension) or len(digests) > _TAIL:
            raise ValueError(f"vectors: must be at most {_TAIL} rows, one for each digest, of {self.dimension} columns")
        if not np.isfinite(vectors).all():
            raise ValueError("vectors: must be finite")
        records = np.zeros(len(digests), dtype=self._record)
        records["digest"] = np.frombuffer(bytes.fromhex("".join(digests)), dtype=np.uint8).reshape(-1, _DIGEST_BYTES)
        records["vector"] = vectors
        records["check"] = _checks(records)
        end = self._file.seek(0, os.SEEK_END)
        try:
            self._file.write(records.tobytes())
            self._sync()
        except OSError:
            self._file.truncate(end)
            raise
        first = self._count(end)
        self._rows.update((bytes.fromhex(digest), first + at) for at, digest in enumerate(digests))

    def read(self, digests: Sequence[str]) -> NDArray[Any]:
        """The vectors of these digests, in their order: (len(digests), dimension), of the log's type of number.

        Raises KeyError for a digest that is not in the log, VectorLogError where the disk has changed a vector.
        """
        rows = np.array([self._rows[bytes.fromhex(digest)] for digest in digests], dtype=np.intp)
        records = self._records()[rows]
        if not np.array_equal(_checks(records), records["check"]):
            raise VectorLogError(
                f"{self.path}: a vector in it is damaged; delete the file, and the next build makes it anew"
            )
        return np.ascontiguousarray(records["vector"])

    def _start(self) -> None:
        """Checks the header, or writes it where a new or torn file has none yet."""
        found = self._file.read(len(self._header))
        if found == self._header:
            return
        if not self._header.startswith(found):
            raise VectorLogError(
                f"{self.path}: not the vectors of {self.identity}, in format {_VERSION}; delete the file"
            )
        self._file.seek(0)
        self._file.write(self._header)
        self._sync()

    def _cut_torn_tail(self) -> None:
        """Cuts the file after the last record before the first bad one of the last batch."""
        count = self._count(self._file.seek(0, os.SEEK_END))
        first = max(0, count - _TAIL)
        tail = np.array(self._map(count)[first:])
        bad = np.flatnonzero(_checks(tail) != tail["check"])
        good = first + int(bad[0]) if len(bad) else count
        self._file.truncate(len(self._header) + good * self._record.itemsize)

    def _index(self) -> dict[bytes, int]:
        """The row of each digest; where one was written twice, the later row."""
        digests = self._records()["digest"].tobytes()
        return {digests[at : at + _DIGEST_BYTES]: at // _DIGEST_BYTES for at in range(0, len(digests), _DIGEST_BYTES)}

    def _records(self) -> NDArray[Any]:
        return self._map(self._count(self._file.seek(0, os.SEEK_END)))

    def _map(self, count: int) -> NDArray[Any]:
        if count == 0:  # an empty range of a file cannot be mapped
            return np.empty(0, dtype=self._record)
        return np.memmap(self.path, dtype=self._record, mode="r", offset=len(self._header), shape=(count,))

    def _count(self, size: int) -> int:
        return (size - len(self._header)) // self._record.itemsize

    def _sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())


def _header(identity: str, dimension: int) -> bytes:
    name = identity.encode()
    header = _HEADER.pack(_MAGIC, _VERSION, dimension, len(name)) + name
    return header + bytes(-len(header) % 64)


def _checks(records: NDArray[Any]) -> NDArray[np.uint32]:
    """(n,) the CRC-32 of the digest and vector of each record (n,)."""
    size = records.dtype.itemsize
    data = memoryview(np.ascontiguousarray(records).tobytes())
    return np.array([zlib.crc32(data[at : at + size - 4]) for at in range(0, len(data), size)], dtype=np.uint32)
