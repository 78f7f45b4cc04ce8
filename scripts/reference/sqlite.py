#!/usr/bin/env python3
"""Writes Tests/Reference/sqlite: a small database with every kind of value, and what Python's sqlite3 reads from it."""
import pathlib
import sqlite3

folder = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Reference" / "sqlite"
folder.mkdir(parents=True, exist_ok=True)
path = folder / "kinds.sqlite"
path.unlink(missing_ok=True)
db = sqlite3.connect(path)
db.execute("PRAGMA page_size = 512")
db.execute(
    """CREATE TABLE kinds (
      id INTEGER PRIMARY KEY, price NUMERIC(10,2), mixed, label TEXT, big INTEGER, paid BOOLEAN, day DATE,
      moment DATETIME, stamp TIMESTAMP, millis DATETIME, julian DATE, compact DATE, photo BLOB, note BLOB, empty REAL,
      "odd ""name"", (x)" TEXT)"""
)
words = ["Zürich", "", "a, b", "O'Brien", "日本", "NA"]
for row in range(40):
    gap = row % 7 == 3
    day = f"2024-{row % 12 + 1:02}-{row % 28 + 1:02}"
    db.execute(
        "INSERT INTO kinds VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            row + 1,
            None if gap else row if row % 2 else row + 0.25,
            [row, row / 8, f"text {row}", None][row % 4],
            None if gap else words[row % len(words)],
            (1 << 62) - row if row % 3 else -row,
            None if gap else row % 2,
            None if gap else day,
            None if gap else f"{day} {row % 24:02}:30:0{row % 10}.250",
            1_700_000_000 + row * 86_400,
            (1_700_000_000 + row * 60) * 1000,
            2_460_310.5 + row,
            20_240_101 + row % 28,
            bytes([255, 0, row]),
            words[row % len(words)].encode(),
            None,
            f"o{row % 3}",
        ),
    )
db.execute('CREATE TABLE "Order Details" (a INTEGER, b TEXT)')
db.execute("INSERT INTO \"Order Details\" VALUES (1, 'x'), (2, 'y')")
db.execute("CREATE VIEW doubled AS SELECT id * 2 AS twice FROM kinds")
db.execute("CREATE TABLE broken (t TEXT)")
db.execute("INSERT INTO broken VALUES ('fine'), (NULL), (CAST(x'4dfc6e636865e9' AS TEXT))")
db.commit()
db.execute("VACUUM")

lines = ["# id, price, mixed, label, big, paid as Python's sqlite3 gives them; a minus alone is NULL"]
for row in db.execute("SELECT id, price, mixed, label, big, paid FROM kinds ORDER BY id"):
    lines.append("\t".join("-" if value is None else str(value) for value in row))
(folder / "kinds.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
