"""The reference: the first page, the causes of an error, a search, memory, size; and other formats of it."""

from __future__ import annotations

import json
import marshal
import os
import sqlite3
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

import build_reference
from benchmarks.measure import Figure, in_turns

TARGETS = {"page": 5.0, "causes": 2.0, "search": 50.0, "memory": 10.0}  # milliseconds, megabytes
TIMED = """
from time import perf_counter
start = perf_counter()
{statement}
print((perf_counter() - start) * 1e3)
"""
PRIVATE = """
def private():
    with open("/proc/self/smaps_rollup") as lines:
        return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
before = private()
{statement}
print((private() - before) / 1024)
"""
PAGE = "openat2"  # a long one
QUERY = "import pysys.metadata.query as metadata\n"
# What is loaded before, and what is measured. A search loads sqlite3 the first time.
STATEMENTS = {
    "the first page": (QUERY, f"metadata.page({PAGE!r}).description", "page"),
    "the first page, with the import": ("", f"{QUERY}metadata.page({PAGE!r}).description", "page"),
    "another page": (f"{QUERY}metadata.page('fork').text", f"metadata.page({PAGE!r}).description", ""),
    "the causes of an error": (
        f"{QUERY}metadata.page('fork').text",
        "metadata.causes('openat', 'EINVAL')",
        "causes",
    ),
    "the first causes": (QUERY, "metadata.causes('openat', 'EINVAL')", ""),
    "the first search": (QUERY, "metadata.search('read file'), metadata.terms('read file')", "search"),
    "another search": (
        f"{QUERY}metadata.search('x')",
        "metadata.search('memory'), metadata.terms('memory')",
        "search",
    ),
}
# What preload() reads, a search, and every page: as in a process that has used all of it.
EVERYTHING = """
metadata.load.read_ahead()
metadata.search('x'), metadata.terms('x')
for page in metadata.pages.values(): page.text
"""


def python(code: str) -> float:
    """What a fresh interpreter prints, a number."""
    done = subprocess.run([sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout)


def _run(before: str, statement: str, frame: str = TIMED) -> Callable[[], float]:
    return lambda: python(f"{before}\n{frame.format(statement=statement)}")


class Formats:
    """The same pages in other formats: their size, and how the first of them and all of them are read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sizes: dict[str, int] = {}
        self.first: dict[str, tuple[str, str]] = {}
        self.every: dict[str, str] = {}
        pages = {name: build_reference.read(path) for name, path in build_reference.files().items()}
        self._ours()
        text = json.dumps(pages, ensure_ascii=False).encode()
        self._each(pages)
        self._complete("JSON, in one file", text, "json", "json.loads({data})")
        self._complete(
            "JSON, compressed as one",
            zlib.compress(text, 9),
            "json, zlib",
            "json.loads(zlib.decompress({data}))",
        )
        self._complete("marshal", marshal.dumps(pages), "marshal", "marshal.loads({data})")
        self._toml()
        self._sqlite(pages)

    def _ours(self) -> None:
        from pysys.metadata import load

        name = "an index, and compressed items for each page"
        self.sizes[name] = os.stat(load.REFERENCE).st_size
        self.first[name] = (f"{QUERY}", f"metadata.load.text({PAGE!r})")
        self.every[name] = f"{QUERY}kept = [metadata.load.text(one) for one in metadata.load.written()]"

    def _each(self, pages: Mapping[str, object]) -> None:
        """The same index with JSON for each page."""
        name = "an index, and compressed JSON for each page"
        index, body = {}, b""
        for page, text in pages.items():
            packed = zlib.compress(json.dumps(text, ensure_ascii=False).encode(), 9)
            index[page] = f"{len(body)}\t{len(packed)}"
            body += packed
        head = "\n".join(map("\t".join, index.items())).encode()
        path = self.folder / name
        path.write_bytes(b"%010d" % len(head) + head + body)
        self.sizes[name] = path.stat().st_size
        read = "import json, zlib\nkept = []\n"
        read += f"data = open({str(path)!r}, 'rb').read()\nbody = 10 + int(data[:10])\n"
        read += "index = dict(line.split('\\t', 1) for line in data[10:body].decode().split('\\n'))\n"
        read += "for name in {names}:\n"
        read += "    offset, length = map(int, index[name].split('\\t'))\n"
        read += "    packed = data[body + offset:body + offset + length]\n"
        read += "    kept.append(json.loads(zlib.decompress(packed)))\n"
        self.first[name] = ("", read.format(names=[PAGE]))
        self.every[name] = read.format(names="index")

    def _complete(self, name: str, data: bytes, modules: str, read: str) -> None:
        path = self.folder / name
        path.write_bytes(data)
        self.sizes[name] = len(data)
        code = f"import {modules}\nkept = " + read.format(data=f"open({str(path)!r}, 'rb').read()")
        self.first[name] = ("", f"{code}\nkept[{PAGE!r}]")
        self.every[name] = code

    def _toml(self) -> None:
        name = "TOML, a file for each"
        files = build_reference.files()
        self.sizes[name] = sum(path.stat().st_size for path in files.values())
        read = "import tomllib\nkept = [tomllib.load(open(path, 'rb')) for path in {paths}]"
        self.first[name] = ("", read.format(paths=[str(files[PAGE])]))
        self.every[name] = read.format(paths=[str(path) for path in files.values()])

    def _sqlite(self, pages: Mapping[str, object]) -> None:
        name = "sqlite, a row of JSON for each"
        path = self.folder / "pages.sqlite"
        database = sqlite3.connect(path)
        database.execute("CREATE TABLE pages(name TEXT PRIMARY KEY, page TEXT) WITHOUT ROWID")
        rows = ((key, json.dumps(page, ensure_ascii=False)) for key, page in pages.items())
        database.executemany("INSERT INTO pages VALUES (?, ?)", rows)
        database.commit()
        database.close()
        self.sizes[name] = path.stat().st_size
        read = f"import json, sqlite3\ndatabase = sqlite3.connect({str(path)!r})\n"
        read += "kept = [json.loads(page) for page, in database.execute('SELECT page FROM pages{where}')]"
        self.first[name] = ("", read.format(where=f' WHERE name = "{PAGE}"'))
        self.every[name] = read.format(where="")


def figures(rounds: int) -> list[Figure]:
    """What a reader waits for, what stays in memory, and the other formats."""
    from pysys.metadata import load

    samples = in_turns({name: _run(before, one) for name, (before, one, _) in STATEMENTS.items()}, rounds)
    result = [
        Figure("reference", name, median(samples[name]), "ms", target=TARGETS.get(target))
        for name, (_, _, target) in STATEMENTS.items()
    ]
    few = max(5, rounds // 10)
    memory = in_turns({"all": _run(QUERY, EVERYTHING, PRIVATE)}, few)["all"]
    result.append(Figure("reference", "all of it in memory", median(memory), "MB", target=TARGETS["memory"]))
    for path in load.REFERENCE, load.SEARCH:
        size = os.stat(path).st_size / 1e6
        result.append(Figure("reference", f"{os.path.basename(path)}, installed", size, "MB"))
    with tempfile.TemporaryDirectory() as folder:
        formats = Formats(Path(folder))
        first = in_turns({name: _run(*one) for name, one in formats.first.items()}, few)
        every = in_turns({name: _run("", one, PRIVATE) for name, one in formats.every.items()}, few)
        for name, size in formats.sizes.items():
            note = f"{size / 1e6:.1f} MB, in memory {median(every[name]):.1f} MB"
            result.append(Figure("formats: the first page", name, median(first[name]), "ms", note=note))
        result += _searches(few)
    return result


def _searches(rounds: int) -> list[Figure]:
    """Full-text search by sqlite, and by a look at every text."""
    look = f"{QUERY}kept = [str(page.text).lower() for page in metadata.pages.values()]"
    contenders = {
        "sqlite's FTS5": _run(f"{QUERY}metadata.search('x')", "metadata.search('user namespace')"),
        "a look at every text": _run(look, "[one for one in kept if 'user' in one and 'namespace' in one]"),
    }
    samples = in_turns(contenders, rounds)
    ranked = {"sqlite's FTS5": "best first, words that begin so"}
    return [
        Figure("formats: a search", name, median(samples[name]), "ms", note=ranked.get(name, "in no order"))
        for name in contenders
    ]
