#!/usr/bin/env python3
"""Counts the records of the delimited files of ../shared/data with Python's csv module.

    shared_rows.py > Tests/Reference/shared_rows.tsv

A line a file: its path, and its records, the header among them and blank lines left out. Files whose records differ in their
number of fields (baskets, and such with text above the header) are left out, as they need options to be read.
"""

import csv
import gzip
import sys
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent.parent / ".." / "shared" / "data"
csv.field_size_limit(1 << 30)


def text(path: Path) -> str:
    raw = path.read_bytes()
    if path.suffix == ".gz":
        raw = gzip.decompress(raw)
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def records(content: str, delimiter: str):
    """The number of records and of fields in each; None when these differ."""
    count, fields = 0, None
    for row in csv.reader(content.splitlines(keepends=True), delimiter=delimiter):
        if not row or (len(row) == 1 and not row[0].strip()):
            continue
        if fields is not None and len(row) != fields:
            return None
        fields = len(row)
        count += 1
    return (count, fields) if count else None


def main() -> None:
    print("# Records of the delimited files of ../shared/data, written by scripts/reference/shared_rows.py")
    for path in sorted(DATA.rglob("*")):
        name = path.name.removesuffix(".gz")
        if not path.is_file() or not name.endswith((".csv", ".tsv")):
            continue
        content = text(path)
        found = [r for r in (records(content, d) for d in ",;\t|") if r]
        # One field in each record is no finding where commas stand in the text.
        found = [r for r in found if r[1] > 1 or "," not in content]
        if not found:
            print(f"{path.name}: records of different lengths", file=sys.stderr)
            continue
        count, _ = max(found, key=lambda r: r[1])
        print(f"{path.relative_to(DATA)}\t{count}")


if __name__ == "__main__":
    main()
