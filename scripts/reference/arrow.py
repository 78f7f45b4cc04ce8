"""Writes the small Arrow files that the tests of the Arrow reader read.

    python scripts/reference/arrow.py        (needs pyarrow)

All hold the same four rows (two batches of two) in all types that Martlet reads, and some that it leaves out; the expected
values stand in Tests/ColumnarTests/Arrow.
"""
import datetime as dt
import decimal
import pathlib

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.ipc as ipc

FOLDER = pathlib.Path(__file__).parents[2] / "Tests" / "Reference" / "arrow"
FOLDER.mkdir(parents=True, exist_ok=True)


def columns():
    moments = [dt.datetime(2024, 2, 29, 8, 26, 5, 123456), None, dt.datetime(1969, 12, 31, 23, 59, 59, 999999), dt.datetime(2000, 1, 1)]
    days = [dt.date(2024, 2, 29), dt.date(1969, 12, 31), None, dt.date(1, 1, 1)]
    texts = ["Zoë", "", None, "a text of more than twelve bytes"]
    yield "nothing", pa.array([None] * 4, pa.null())
    for bits in (8, 16, 32, 64):
        yield f"i{bits}", pa.array([-(2 ** (bits - 1)), None, 0, 2 ** (bits - 1) - 1], pa.int64()).cast(f"int{bits}")
        top = 2 ** min(bits, 63) - 1
        yield f"u{bits}", pa.array([0, top, None, 1], f"uint{bits}")
    yield "list", pa.array([[1, 2], None, [], [3]], pa.list_(pa.int32()))
    yield "f16", pa.array([1.5, None, -0.25, 65504], pa.float32()).cast("halffloat")
    yield "f32", pa.array([0.1, None, float("nan"), -3], pa.float32())
    yield "f64", pa.array([0.1, None, float("inf"), -2.5], pa.float64())
    yield "yes", pa.array([True, None, False, True])
    yield "text", pa.array(texts)
    yield "struct", pa.array([{"a": 1, "b": "x"}] * 4)
    yield "large", pa.array(texts, pa.large_string())
    yield "view", pa.array(texts, pa.string_view())
    yield "category", pa.array(texts).dictionary_encode()
    yield "narrow", pa.DictionaryArray.from_arrays(pa.array([1, None, 0, 1], pa.uint8()), pa.array(["no", "yes"], pa.large_string()))
    yield "date32", pa.array(days, pa.date32())
    yield "date64", pa.array(days, pa.date64())
    for unit in ("s", "ms", "us", "ns"):
        kept = [m and m.replace(microsecond=0 if unit == "s" else m.microsecond // 1000 * 1000 if unit == "ms" else m.microsecond) for m in moments]
        yield f"moment_{unit}", pa.array(kept, pa.timestamp(unit))
    yield "zoned", pa.array(moments, pa.timestamp("us", "Europe/Berlin"))
    yield "time32", pa.array([dt.time(8, 30), None, dt.time(0, 0, 0, 5000), dt.time(23, 59, 59)], pa.time32("ms"))
    yield "time64", pa.array([dt.time(8, 30), None, dt.time(0, 0, 0, 5), dt.time(23, 59, 59)], pa.time64("ns"))
    yield "money", pa.array([decimal.Decimal("12.34"), None, decimal.Decimal("-0.01"), decimal.Decimal("99999999999.99")], pa.decimal128(20, 2))
    yield "whole", pa.array([decimal.Decimal(7), None, decimal.Decimal(-7), decimal.Decimal(0)], pa.decimal128(10, 0))
    yield "length", pa.array([dt.timedelta(seconds=1, milliseconds=500), None, dt.timedelta(0), dt.timedelta(days=1)], pa.duration("ms"))
    yield "bytes", pa.array([b"a", None, b"", b"b"])


table = pa.table(dict(columns()))
plain = ipc.IpcWriteOptions(unify_dictionaries=True)
for name, options in [
    ("plain", plain),
    ("lz4", ipc.IpcWriteOptions(compression="lz4", unify_dictionaries=True)),
    ("zstd", ipc.IpcWriteOptions(compression="zstd", unify_dictionaries=True)),
]:
    with ipc.new_file(FOLDER / f"{name}.arrow", table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=2)
with ipc.new_stream(FOLDER / "stream.arrows", table.schema) as writer:
    writer.write_table(table, max_chunksize=2)

# Dictionaries that grow, and dictionaries that are replaced, between the batches of a stream.
field = pa.schema([("word", pa.dictionary(pa.int8(), pa.string()))])


def batch(words, codes):
    return pa.record_batch([pa.DictionaryArray.from_arrays(pa.array(codes, pa.int8()), pa.array(words))], schema=field)


for name, deltas in [("delta", True), ("replaced", False)]:
    with ipc.new_stream(FOLDER / f"{name}.arrows", field, options=ipc.IpcWriteOptions(emit_dictionary_deltas=deltas)) as writer:
        writer.write_batch(batch(["a", "b"], [0, 1, None]))
        writer.write_batch(batch(["a", "b", "c"], [2, 0, 1]))
        if not deltas:
            writer.write_batch(batch(["z", "a"], [0, 1, 1]))
feather.write_feather(pa.table({"a": [1, 2]}), str(FOLDER / "v1.feather"), version=1)
