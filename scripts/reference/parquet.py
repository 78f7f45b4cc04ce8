"""Writes Tests/Reference/parquet: small Parquet files of other programs, and what is in them as text.

    python scripts/reference/parquet.py [pyarrow] [others]

`pyarrow` needs pyarrow, `others` needs duckdb and polars. The values are written down here by Python and not by the
libraries that write the files. Each row of a .tsv is a row of the table: `-` is missing, dates are days and moments
microseconds since 1970.
"""

import datetime as dt
import decimal
import random
import struct
import sys
import uuid
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "Tests" / "Reference" / "parquet"
ROWS = 150
EPOCH = dt.datetime(1970, 1, 1)


def cell(value) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return str((value - EPOCH) // dt.timedelta(microseconds=1))
    if isinstance(value, dt.date):
        return str((value - EPOCH.date()).days)
    if isinstance(value, float):
        return repr(value)
    return str(value)


def write_expected(name: str, columns: dict) -> None:
    lines = ["\t".join(columns)]
    lines += ["\t".join(cell(v) for v in row) for row in zip(*columns.values())]
    (FOLDER / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def sales() -> dict:
    """A table as a shop has it: with gaps, a column without any, and one without a value."""
    rng = random.Random(7)
    words = ["Oslo", "Zürich", "東京", "São Paulo", "", "🍎 shop", "Reykjavík"]

    def gaps(share, make):
        return [None if rng.random() < share else make() for _ in range(ROWS)]

    day = dt.datetime(2023, 1, 1, 8)
    return {
        "order": [500_000 + i for i in range(ROWS)],
        "quantity": gaps(0.1, lambda: rng.randint(-48, 48)),
        "price": gaps(0.05, lambda: round(rng.uniform(0.5, 90), 2)),
        "city": gaps(0.2, lambda: rng.choice(words)),
        "note": gaps(0.3, lambda: f"note {rng.randint(0, 10**6)} of {rng.choice(words)}"),
        "day": gaps(0.1, lambda: (day + dt.timedelta(days=rng.randint(-20000, 400))).date()),
        "moment": gaps(0.1, lambda: day + dt.timedelta(seconds=rng.randint(-10**9, 10**7))),
        "exact": gaps(0.1, lambda: day + dt.timedelta(microseconds=rng.randint(-10**15, 10**13))),
        "paid": gaps(0.1, lambda: rng.random() < 0.3),
        "large": gaps(0.1, lambda: rng.randint(-(2**63), 2**63 - 1)),
        "nothing": [None] * ROWS,
    }


def pyarrow_files() -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = sales()
    kinds = {
        "order": pa.int64(), "quantity": pa.int32(), "price": pa.float64(), "city": pa.string(), "note": pa.string(),
        "day": pa.date32(), "moment": pa.timestamp("us"), "exact": pa.timestamp("us"), "paid": pa.bool_(),
        "large": pa.int64(), "nothing": pa.string(),
    }
    fields = [pa.field(n, kinds[n], nullable=n != "order") for n in columns]
    table = pa.table([pa.array(v, kinds[n]) for n, v in columns.items()], schema=pa.schema(fields))
    write_expected("sales", columns)

    def write(name, **options):
        pq.write_table(table, FOLDER / f"{name}.parquet", store_schema=False, **options)

    write("sales_plain", compression="none", use_dictionary=False, row_group_size=64)
    write("sales_snappy", compression="snappy", row_group_size=100)
    write("sales_gzip_v2", compression="gzip", data_page_version="2.0", data_page_size=100, write_batch_size=16)
    write("sales_brotli", compression="brotli", write_statistics=False)
    write("sales_lz4", compression="lz4", data_page_version="2.0", use_dictionary=["city"])
    delta = {n: "DELTA_BINARY_PACKED" for n in ("order", "quantity", "day", "moment", "exact", "large")}
    delta |= {"note": "DELTA_BYTE_ARRAY", "city": "DELTA_LENGTH_BYTE_ARRAY", "price": "BYTE_STREAM_SPLIT"}
    delta |= {"paid": "RLE", "nothing": "DELTA_BYTE_ARRAY"}
    write("sales_delta_v2", compression="zstd", use_dictionary=False, column_encoding=delta,
          data_page_version="2.0", row_group_size=70)
    write("sales_delta", compression="none", use_dictionary=False, column_encoding=delta,
          data_page_size=200, write_batch_size=40)
    # A dictionary that is given up in the middle of a row group.
    write("sales_fallback", compression="zstd", dictionary_pagesize_limit=200, data_page_size=200, write_batch_size=8)
    pq.write_table(table.slice(0, 0), FOLDER / "sales_empty.parquet", store_schema=False)
    # A page that would unpack to a hundred megabytes.
    pq.write_table(pa.table({"t": ["a" * 100_000_000]}), FOLDER / "bomb.parquet", compression="zstd", use_dictionary=False,
                   write_statistics=False, compression_level=9, store_schema=False)
    pyarrow_types(pa, pq)


def pyarrow_types(pa, pq) -> None:
    rng = random.Random(11)
    n = 40

    def gaps(make):
        return [None if i % 9 == 4 else make(i) for i in range(n)]

    def number(digits, scale):
        return lambda i: decimal.Decimal(rng.randint(-(10**digits) + 1, 10**digits - 1)).scaleb(-scale)

    with decimal.localcontext() as context:
        context.prec = 60
        decimals = {
            "dec9": (gaps(number(9, 2)), pa.decimal128(9, 2)), "dec18": (gaps(number(18, 6)), pa.decimal128(18, 6)),
            "dec38": (gaps(number(38, 10)), pa.decimal128(38, 10)), "dec76": (gaps(number(70, 20)), pa.decimal256(76, 20)),
        }
    moment = dt.datetime(2011, 12, 9, 8, 26)
    columns = dict(decimals)
    columns |= {
        "u8": (gaps(lambda i: (i * 37) % 256), pa.uint8()), "u16": (gaps(lambda i: 65535 - i), pa.uint16()),
        "u32": (gaps(lambda i: 2**32 - 1 - i), pa.uint32()), "u64": (gaps(lambda i: 2**62 + i), pa.uint64()),
        "u64big": (gaps(lambda i: 2**63 + 4096 * i), pa.uint64()),
        "i8": (gaps(lambda i: i - 20), pa.int8()), "i16": (gaps(lambda i: -32768 + i), pa.int16()),
        "f32": (gaps(lambda i: i / 8 - 2), pa.float32()), "f16": (gaps(lambda i: i / 4 - 3), pa.float16()),
        "nan": ([float("nan") if i % 3 == 0 else float(i) for i in range(n)], pa.float64()),
        "ms": (gaps(lambda i: moment - dt.timedelta(milliseconds=i * 10**9 + 1)), pa.timestamp("ms")),
        "ns": (gaps(lambda i: moment - dt.timedelta(microseconds=i * 10**9 + 1)), pa.timestamp("ns")),
        "utc": (gaps(lambda i: moment + dt.timedelta(hours=i)), pa.timestamp("us", "UTC")),
        "t_ms": (gaps(lambda i: dt.time(i % 24, i, 59, i * 1000)), pa.time32("ms")),
        "t_us": (gaps(lambda i: dt.time(i % 24, 0, i, i * 7)), pa.time64("us")),
        "id": (gaps(lambda i: uuid.UUID(int=rng.getrandbits(128)).bytes), pa.uuid()),
        "code": (gaps(lambda i: b"K%03d" % i), pa.binary(4)), "bytes": (gaps(lambda i: b"ab\xc3\xa9"), pa.binary()),
        "foreign": (gaps(lambda i: b"ab\xe9" if i > 20 else b"ab"), pa.binary()),
        "word": (gaps(lambda i: ["yes", "no"][i % 2]), pa.dictionary(pa.int8(), pa.string())),
        "list": (gaps(lambda i: [i, i + 1]), pa.list_(pa.int64())),
        "pair": (gaps(lambda i: {"a": i, "b": "x"}), pa.struct([("a", pa.int64()), ("b", pa.string())])),
        "map": (gaps(lambda i: [("k", i)]), pa.map_(pa.string(), pa.int64())),
        "last": (list(range(n)), pa.int64()),
    }
    table = pa.table({k: pa.array(v, t) for k, (v, t) in columns.items()})

    def plain(name, value):
        if value is None or value != value:
            return None
        if name.startswith("dec") or name in ("u64big", "f16"):
            return float(value)
        if name.startswith("t_"):
            text = value.isoformat()
            return text.rstrip("0") if "." in text else text
        if name == "id":
            return str(uuid.UUID(bytes=value))
        return value.decode() if isinstance(value, bytes) else value

    out = ("foreign", "list", "pair", "map")
    write_expected("types", {k: [plain(k, x) for x in v] for k, (v, _) in columns.items() if k not in out})
    for name, options in {"types_plain": {"use_dictionary": False}, "types_dictionary": {}, "types_v1": {"version": "1.0"}}.items():
        pq.write_table(table, FOLDER / f"{name}.parquet", compression="zstd", store_schema=False, **options)
    split = {k: "BYTE_STREAM_SPLIT" for k in ("dec9", "dec18", "dec38", "u32", "u64", "f32", "f16", "ms", "code")}
    pq.write_table(table, FOLDER / "types_split.parquet", compression="zstd", store_schema=False, use_dictionary=False,
                   column_encoding=split, store_decimal_as_integer=True)

    moments = [None if i % 5 == 1 else dt.datetime(1900, 1, 1) + dt.timedelta(days=2000 * i, seconds=i, microseconds=i)
               for i in range(20)]
    write_expected("int96", {"old": moments})
    pq.write_table(pa.table({"old": pa.array(moments, pa.timestamp("us"))}), FOLDER / "int96.parquet",
                   use_deprecated_int96_timestamps=True, store_schema=False)


def other_files() -> None:
    import duckdb
    import polars as pl

    columns = sales()
    kinds = {
        "order": pl.Int64, "quantity": pl.Int32, "price": pl.Float64, "city": pl.String, "note": pl.String, "day": pl.Date,
        "moment": pl.Datetime("us"), "exact": pl.Datetime("us"), "paid": pl.Boolean, "large": pl.Int64,
        "nothing": pl.String,
    }
    frame = pl.DataFrame(columns, schema=kinds)
    frame.write_parquet(FOLDER / "sales_polars.parquet", row_group_size=60)
    base = duckdb.connect()
    base.register("frame", frame.to_arrow())
    path = FOLDER / "sales_duckdb.parquet"
    base.execute(f"copy (select * from frame) to '{path}' (format parquet, parquet_version v2)")


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    chosen = sys.argv[1:] or ["pyarrow", "others"]
    if "pyarrow" in chosen:
        pyarrow_files()
    if "others" in chosen:
        other_files()
