"""The files that all tools read, each made when a task needs it.

What a shop sells comes from Martlet's own `generate`: the same seed gives the same bytes. The other files are made of that by
Polars and NumPy, with seeds of their own.
"""

from pathlib import Path


def counts(rows: int) -> tuple[int, int]:
    """How many customers and products a shop of so many order lines has."""
    return max(1000, rows // 100), max(500, min(10_000, rows // 1000))


def sales(kernel, folder: Path, rows: int) -> None:
    customers, products = counts(rows)
    kernel.run(
        f'generate sales rows={rows} customers={customers} products={products} | export "sales.csv" overwrite=true'
    )


def companions(kernel, folder: Path, rows: int) -> None:
    customers, products = counts(rows)
    for name in ("products", "customers"):
        kernel.run(
            f'generate {name} customers={customers} products={products} | export "{name}.csv" overwrite=true'
        )


def read_sales(folder: Path):
    import polars as pl

    return pl.read_csv(folder / "sales.csv", try_parse_dates=True, schema_overrides={"invoice": pl.String})


def parquet(kernel, folder: Path, rows: int) -> None:
    # What a warehouse would hand over: row groups of a million rows, snappy, moments in microseconds.
    read_sales(folder).write_parquet(folder / "sales.parquet", compression="snappy", row_group_size=1_000_000)


def numbers(kernel, folder: Path, rows: int) -> None:
    import numpy as np
    import polars as pl

    draw = np.random.default_rng(1)
    columns = {f"v{i:02}": np.round(draw.lognormal(2, 0.3 + i / 12, rows), 3) for i in range(12)}
    pl.DataFrame(columns).write_csv(folder / "numbers.csv")


def rough(kernel, folder: Path, rows: int) -> None:
    """The sales in no order at all, with a ticket number that half of the rows have for themselves, line breaks and doubled
    quotes in texts, and lines that end in CR LF: nothing that a reader may hope for."""
    import numpy as np
    import polars as pl

    draw = np.random.default_rng(2)
    tickets = draw.integers(0, max(1, rows // 2), rows)
    name = pl.col("product_name")
    kind = pl.col("quantity") % 4
    frame = (
        read_sales(folder)
        .with_columns(
            ticket=pl.concat_str(pl.lit("T-"), pl.Series(tickets).cast(pl.String)),
            product_name=pl.when(kind == 0).then(pl.concat_str(name, pl.lit(',\n"boxed"')))
            .when(kind == 1).then(pl.concat_str(name, pl.lit(", new")))
            .otherwise(name),
        )
        .sample(fraction=1, shuffle=True, seed=3)
    )
    frame.write_csv(folder / "rough.csv", line_terminator="\r\n", datetime_format="%Y-%m-%d %H:%M")


def wide(kernel, folder: Path, rows: int) -> None:
    """A tenth of the rows with a hundred columns, as exports of shops' systems have them; most are of no interest."""
    import polars as pl

    frame = read_sales(folder).head(rows // 10)
    for i in range(46):
        frame = frame.with_columns(
            (pl.col("price") * (i + 2)).round(2).alias(f"measure_{i:02}"),
            pl.concat_str(pl.lit(f"note {i} on "), pl.col("product")).alias(f"note_{i:02}"),
        )
    # The columns that are wanted stand at the beginning, in the middle and at the end.
    names = [c for c in frame.columns if c not in ("date", "quantity", "price")]
    order = ["date", *names[:50], "quantity", *names[50:], "price"]
    frame.select(order).write_csv(folder / "wide.csv", datetime_format="%Y-%m-%d %H:%M")


MAKERS = {
    "sales.csv": sales,
    "products.csv": companions,
    "customers.csv": companions,
    "sales.parquet": parquet,
    "numbers.csv": numbers,
    "rough.csv": rough,
    "wide.csv": wide,
}


def make(names: list[str], folder: Path, rows: int, start_kernel) -> None:
    """Makes the files that are missing. `start_kernel` starts a kernel in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = dict.fromkeys(["sales.csv", *names])
    missing = [name for name in wanted if not (folder / name).exists()]
    if not missing:
        return
    kernel = start_kernel(folder)
    try:
        for name in missing:
            if (folder / name).exists():
                continue
            print(f"Making {name} of {rows:,} rows in {folder}", flush=True)
            try:
                MAKERS[name](kernel, folder, rows)
            except BaseException:
                # Half a file must not pass for a whole one the next time.
                (folder / name).unlink(missing_ok=True)
                raise
    finally:
        kernel.stop()
