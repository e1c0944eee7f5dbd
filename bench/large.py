"""A large collection to measure the service on: `python -m bench.large --folder DIR --hang INDEXES [--works N]`.

Works are described in the words of `bench.word_search`, 80 in the median; dates, artists and media are those of
`bench.keyword_search`, the vectors of `pipeline.evaluate.synthetic`, and no picture files belong to them. But by
`--hang` the pictures of a small release go round among the works, its vectors with a part of chance in each, so that
pictures can be asked for and uploads compared and recognised.
"""

import argparse
import json
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import faiss
import numpy as np
import pyarrow
from pyarrow import parquet

from bench.keyword_search import synthetic
from bench.word_search import descriptions, spelt
from indexes.artwork import Artwork
from indexes.loader import Loader
from indexes.pictures import Picture, decode
from indexes.recognition import LandmarkMeasure
from pipeline.evaluate.synthetic import Collection
from tests.small_release import release_of

TITLE = 5  # words of a title
CHANCE = 0.3  # length of the part of a vector that is its own, where pictures go round
GENRES = ("Prints", "Paintings", "Drawings", "Photographs", "Sculpture", "Vessels", "Textiles", "Coins")


def records(count: int) -> list[Artwork]:
    """Works as a museum records them, and a machine describes them."""
    random, spelling = np.random.default_rng(3), np.array(spelt())
    return [
        replace(
            work,
            title=" ".join(spelling[words[:TITLE]]),
            genre=GENRES[int(random.zipf(1.5)) % len(GENRES)],
            collection=f"Collection {int(random.zipf(1.5)) % 40}",
            descriptions=(" ".join(spelling[words]),),
        )
        for work, words in zip(synthetic(count), descriptions(count), strict=True)
    ]


def release(folder: Path, works: int, dimension: int) -> tuple[Path, Collection]:
    """A published collection in the folder, made unless it is there, and what its vectors were drawn from."""
    root, collection = folder / f"vitrine-bench-{works}-{dimension}", Collection.like(works, dimension)
    if not (root / "indexes" / "current").exists():
        made = records(works)
        digests = {work.id: blake2b(work.id.encode(), digest_size=32).hexdigest() for work in made}
        hung = {name: Picture(digest, digest, 1200, 900, "#806040") for name, digest in digests.items()}
        vectors = collection.draw(works)
        release_of(root / "indexes", made, pictures=vectors, hung=hung)
        (root / "peer" / "metadata").mkdir(parents=True)
        flat = faiss.IndexFlatIP(dimension)
        flat.add(vectors)
        faiss.write_index(flat, str(root / "peer" / "image.index"))
        told = {"url": [f"/artworks/{work.id}" for work in made], "caption": [work.title for work in made]}
        parquet.write_table(pyarrow.table(told), root / "peer" / "metadata" / "0.parquet")
        (root / "peer.json").write_text(json.dumps({"works": str(root / "peer")}))
    return root, collection


def hang(folder: Path, works: int, source: Path) -> Path:
    """A published collection with the pictures of another one, made anew; returns where it is."""
    small = Loader(source).current()
    pictured = small.catalogue.with_picture()
    kept = [picture for row in pictured.tolist() if (picture := small.catalogue.picture(row))]
    marks = LandmarkMeasure().encode_images([decode(small.pictures.read(picture.digest)) for picture in kept])
    turn = np.arange(works) % len(kept)
    vectors = small.vectors["clip"].vectors(pictured)[turn]
    vectors += np.random.default_rng(6).normal(0, CHANCE / np.sqrt(vectors.shape[1]), vectors.shape)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    made = records(works)
    hung = {work.id: kept[at] for work, at in zip(made, turn.tolist(), strict=True)}
    entry = small.manifest.methods["clip"]
    root = folder / f"vitrine-bench-{works}-hung"
    root.mkdir(parents=True)
    (root / "pictures").symlink_to((source / "pictures").resolve())
    release_of(root, made, pictures=vectors, hung=hung, landmarks=marks[turn], encoder=(entry.encoder, entry.identity))
    return root


def main() -> None:
    """Make the release, and say where it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--works", type=int, default=117_245)
    parser.add_argument("--hang", type=Path, required=True, metavar="INDEXES", help="a release with pictures")
    options = parser.parse_args()
    print(hang(options.folder, options.works, options.hang))


if __name__ == "__main__":
    main()
