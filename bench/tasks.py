"""The tasks of the benchmark: what each tool is asked, as its own documentation would have it asked.

A task has a cell for Martlet and a function for each peer. A peer's function takes the data folder and returns a pair:
what to prepare (not timed) and what to time. Both sides' answers are made comparable by the task's `answer` function.
"""

import datetime as dt
import re
from functools import partial
from pathlib import Path

# ---------------------------------------------------------------- loading


def polars_load(folder: Path, file="sales.csv"):
    import polars as pl

    def run():
        return pl.read_csv(folder / file, try_parse_dates=True, infer_schema_length=10_000)

    return run, lambda t: [t.height, int(t["quantity"].sum())]


def polars_load_categorical(folder: Path, file="sales.csv"):
    import polars as pl

    texts = {name: pl.Categorical for name in ("invoice", "product", "product_name", "country")}

    def run():
        return pl.read_csv(folder / file, try_parse_dates=True, schema_overrides=texts)

    return run, lambda t: [t.height, int(t["quantity"].sum())]


def duckdb_load(folder: Path, file="sales.csv"):
    import duckdb

    base = duckdb.connect()

    def run():
        base.execute(f"create or replace table t as select * from read_csv('{folder / file}')")
        return base

    return run, lambda b: [int(x) for x in b.execute("select count(*), sum(quantity) from t").fetchone()]


def pyarrow_load(folder: Path, file="sales.csv"):
    import pyarrow.compute as pc
    from pyarrow import csv

    # Invoices and tickets are too many for a dictionary to be of use.
    texts = ["product", "product_name", "country"]

    def run():
        import pyarrow as pa

        kinds = {name: pa.dictionary(pa.int32(), pa.string()) for name in texts}
        options = csv.ConvertOptions(column_types=kinds)
        return csv.read_csv(folder / file, csv.ReadOptions(), csv.ParseOptions(newlines_in_values=True), options)

    return run, lambda t: [t.num_rows, int(pc.sum(t["quantity"]).as_py())]


def rough_load(load, folder: Path):
    run, count = load(folder, file="rough.csv")

    def answer(result):
        if hasattr(result, "execute"):
            return count(result) + [result.execute("select count(distinct ticket) from t").fetchone()[0]]
        return count(result) + [result["ticket"].n_unique()]

    return run, answer


# ---------------------------------------------------------------- from the file to monthly revenue


def month(value) -> str:
    return value.strftime("%Y-%m") if isinstance(value, (dt.date, dt.datetime)) else str(value)[:7]


def polars_monthly(folder: Path, file="sales.csv"):
    import polars as pl

    def run():
        # The month as text is cheaper than parsing ten million moments.
        return (
            pl.scan_csv(folder / file)
            .group_by(pl.col("date").str.slice(0, 7))
            .agg(revenue=(pl.col("quantity") * pl.col("price")).sum())
            .sort("date")
            .collect(engine="streaming")
        )

    return run, lambda t: [[month(d), round(r, 2)] for d, r in t.iter_rows()]


def duckdb_monthly(folder: Path, file="sales.csv"):
    import duckdb

    base = duckdb.connect()

    def run():
        return base.execute(
            "select date_trunc('month', date) m, sum(quantity * price) r "
            f"from read_csv('{folder / file}') group by m order by m"
        ).fetchall()

    return run, lambda rows: [[month(d), round(r, 2)] for d, r in rows]


def polars_parquet(folder: Path):
    import polars as pl

    def run():
        return (
            pl.scan_parquet(folder / "sales.parquet")
            .group_by(pl.col("date").dt.truncate("1mo"))
            .agg(revenue=(pl.col("quantity") * pl.col("price")).sum())
            .sort("date")
            .collect(engine="streaming")
        )

    return run, lambda t: [[month(d), round(r, 2)] for d, r in t.iter_rows()]


def duckdb_parquet(folder: Path):
    import duckdb

    base = duckdb.connect()

    def run():
        return base.execute(
            "select date_trunc('month', date) m, sum(quantity * price) r "
            f"from read_parquet('{folder / 'sales.parquet'}') group by m order by m"
        ).fetchall()

    return run, lambda rows: [[month(d), round(r, 2)] for d, r in rows]


# ---------------------------------------------------------------- on a table in memory


def polars_table(folder: Path, texts=("country", "product", "invoice"), file="sales.csv"):
    import polars as pl

    kinds = {name: pl.Categorical for name in texts}
    return pl.read_csv(folder / file, try_parse_dates=True, schema_overrides=kinds)


def duckdb_table(folder: Path, file="sales.csv"):
    import duckdb

    base = duckdb.connect()
    base.execute(f"create table raw as select * from read_csv('{folder / file}')")
    base.execute("create type country as enum (select distinct country from raw order by country)")
    base.execute("create type product as enum (select distinct product from raw order by product)")
    base.execute("create table t as select * replace (country::country as country, product::product as product) from raw")
    base.execute("drop table raw")
    return base


def polars_month_country(folder: Path):
    import polars as pl

    t = polars_table(folder)

    def run():
        return t.group_by(pl.col("date").dt.truncate("1mo"), "country").agg(
            revenue=(pl.col("quantity") * pl.col("price")).sum()
        )

    return run, lambda r: sorted([month(d), str(c), round(x, 2)] for d, c, x in r.iter_rows())


def duckdb_month_country(folder: Path):
    base = duckdb_table(folder)

    def run():
        return base.execute(
            "select date_trunc('month', date) m, country, sum(quantity * price) from t group by all"
        ).fetchall()

    return run, lambda rows: sorted([month(d), str(c), round(x, 2)] for d, c, x in rows)


SEGMENTS = ["Champions", "Loyal", "Potential Loyalists", "At Risk", "Lost"]


def polars_rfm(folder: Path, file="sales.csv"):
    import polars as pl

    t = polars_table(folder, file=file)

    def run():
        people = (
            t.filter(pl.col("customer").is_not_null())
            .group_by("customer")
            .agg(
                last=pl.col("date").max().dt.date(),
                orders=pl.col("invoice").n_unique(),
                amount=(pl.col("quantity") * pl.col("price")).sum(),
            )
        )
        n = people.height

        def score(column):
            rank = column.rank("average")
            return (rank * 5 / n).ceil().cast(pl.Int8)

        scored = people.with_columns(
            r=score(pl.col("last")), f=score(pl.col("orders")), m=score(pl.col("amount").round(2))
        ).with_columns(fm=(pl.col("f") + pl.col("m")) / 2)
        r, fm = pl.col("r"), pl.col("fm")
        return (
            scored.select(
                segment=pl.when((r >= 4) & (fm >= 4)).then(pl.lit("Champions"))
                .when((r >= 3) & (fm >= 3)).then(pl.lit("Loyal"))
                .when(r >= 3).then(pl.lit("Potential Loyalists"))
                .when(fm >= 2).then(pl.lit("At Risk"))
                .otherwise(pl.lit("Lost"))
            )
            .group_by("segment")
            .len()
        )

    return run, lambda r: sorted([s, n] for s, n in r.iter_rows())


def duckdb_rfm(folder: Path, file="sales.csv"):
    base = duckdb_table(folder, file)

    def run():
        return base.execute(
            """
            with people as (
              select customer, max(date)::date last, count(distinct invoice) orders, round(sum(quantity * price), 2) amount
              from t where customer is not null group by customer),
            n as (select count(*) n from people),
            ranked as (select *,
              rank() over (order by last) + (count(*) over (partition by last) - 1) / 2 rr,
              rank() over (order by orders) + (count(*) over (partition by orders) - 1) / 2 rf,
              rank() over (order by amount) + (count(*) over (partition by amount) - 1) / 2 rm from people),
            scored as (select ceil(rr * 5 / n) r, (ceil(rf * 5 / n) + ceil(rm * 5 / n)) / 2 fm from ranked, n)
            select case when r >= 4 and fm >= 4 then 'Champions' when r >= 3 and fm >= 3 then 'Loyal'
              when r >= 3 then 'Potential Loyalists' when fm >= 2 then 'At Risk' else 'Lost' end segment, count(*)
            from scored group by segment"""
        ).fetchall()

    return run, lambda rows: sorted([s, n] for s, n in rows)


def polars_cohort(folder: Path):
    import polars as pl

    t = polars_table(folder)

    def run():
        active = (
            t.filter(pl.col("customer").is_not_null())
            .select("customer", month=pl.col("date").dt.year() * 12 + pl.col("date").dt.month())
            .unique()
        )
        first = active.with_columns(cohort=pl.col("month").min().over("customer"))
        return first.group_by("cohort", period=pl.col("month") - pl.col("cohort")).len().filter(pl.col("period") <= 12)

    return run, lambda r: sorted([f"{(c - 1) // 12}-{(c - 1) % 12 + 1:02}", p, n] for c, p, n in r.iter_rows())


def duckdb_cohort(folder: Path):
    base = duckdb_table(folder)

    def run():
        return base.execute(
            """
            with active as (select distinct customer, year(date) * 12 + month(date) m from t where customer is not null),
            first as (select customer, min(m) c from active group by customer)
            select c, m - c p, count(*) from active join first using (customer) where m - c <= 12 group by c, p"""
        ).fetchall()

    return run, lambda rows: sorted([f"{(c - 1) // 12}-{(c - 1) % 12 + 1:02}", p, n] for c, p, n in rows)


def polars_join(folder: Path):
    import polars as pl

    t = polars_table(folder, ("country", "invoice"))
    products = pl.read_csv(folder / "products.csv").select("product", "category")
    customers = pl.read_csv(folder / "customers.csv").select("customer", home="country")

    def run():
        return (
            t.join(products, on="product", how="left")
            .join(customers, on="customer", how="left")
            .group_by("category", "home")
            .agg(revenue=(pl.col("quantity") * pl.col("price")).sum())
        )

    return run, lambda r: sorted([c or "", h or "", round(x, 2)] for c, h, x in r.iter_rows())


def duckdb_join(folder: Path):
    base = duckdb_table(folder)
    base.execute(f"create table p as select product, category from read_csv('{folder / 'products.csv'}')")
    base.execute(f"create table c as select customer, country home from read_csv('{folder / 'customers.csv'}')")

    def run():
        return base.execute(
            "select category, home, sum(quantity * price) from t left join p on t.product::varchar = p.product "
            "left join c on t.customer = c.customer group by all"
        ).fetchall()

    return run, lambda rows: sorted([c or "", h or "", round(x, 2)] for c, h, x in rows)


def polars_abc(folder: Path):
    import polars as pl

    t = polars_table(folder)

    def run():
        return (
            t.group_by("product")
            .agg(amount=(pl.col("quantity") * pl.col("price")).sum())
            .sort("amount", descending=True)
            .with_columns(share=pl.col("amount").cum_sum() / pl.col("amount").sum())
            .select(
                c=pl.when(pl.col("share") <= 0.8).then(pl.lit("A")).when(pl.col("share") <= 0.95).then(pl.lit("B"))
                .otherwise(pl.lit("C"))
            )
            .group_by("c")
            .len()
        )

    return run, lambda r: sorted([c, n] for c, n in r.iter_rows())


def duckdb_abc(folder: Path):
    base = duckdb_table(folder)

    def run():
        return base.execute(
            """
            with p as (select product, sum(quantity * price) a from t group by product),
            s as (select sum(a) over (order by a desc) / sum(a) over () b from p)
            select case when b <= 0.8 then 'A' when b <= 0.95 then 'B' else 'C' end, count(*) from s group by 1"""
        ).fetchall()

    return run, lambda rows: sorted([c, n] for c, n in rows)


def numpy_outliers(folder: Path):
    import numpy as np
    import pandas as pd

    frame = pd.read_csv(folder / "numbers.csv")
    columns = [frame[name].to_numpy(np.float64) for name in frame.columns]

    def run():
        out = []
        for x in columns:
            q1, q3 = np.quantile(x, [0.25, 0.75])
            spread, mean, sd = q3 - q1, x.mean(), x.std(ddof=1)
            out.append(
                [
                    int(((x < q1 - 1.5 * spread) | (x > q3 + 1.5 * spread)).sum()),
                    int((np.abs(x - mean) > 3 * sd).sum()),
                ]
            )
        return out

    names = list(frame.columns)
    return run, lambda counts: sorted([n, *c] for n, c in zip(names, counts))


def polars_outliers(folder: Path):
    import polars as pl

    frame = pl.read_csv(folder / "numbers.csv")

    def run():
        out = []
        for name in frame.columns:
            x = frame[name]
            q1, q3 = x.quantile(0.25, "linear"), x.quantile(0.75, "linear")
            spread, mean, sd = q3 - q1, x.mean(), x.std()
            out.append(
                [
                    int(((x < q1 - 1.5 * spread) | (x > q3 + 1.5 * spread)).sum()),
                    int(((x - mean).abs() > 3 * sd).sum()),
                ]
            )
        return out

    return run, lambda counts: sorted([n, *c] for n, c in zip(frame.columns, counts))


# ---------------------------------------------------------------- the table of tasks


class Task:
    """One line of the benchmark.

    `cell` is what Martlet is timed with, `answer` the pipeline that is compared afterwards, `convert` makes of its rows what
    the peers' functions give. A `fresh` task begins with nothing in memory, the others with what `setup` has loaded.
    """

    def __init__(self, name, title, cell, answer, convert, peers, setup=None, fresh=False):
        self.name, self.title, self.cell, self.answer, self.convert = name, title, cell, answer, convert
        self.peers, self.setup, self.fresh = peers, setup, fresh

    @property
    def files(self) -> list[str]:
        """The files that the task reads."""
        return re.findall(r'load "([^"]+)"', f"{self.setup or ''} {self.cell}")


def money(text: str) -> float:
    return round(float(text or 0), 2)


LOAD = 'load "sales.csv" as t'
TASKS = [
    Task("load", "CSV to a typed table of all 8 columns", LOAD, "t | summarize n = count(), q = sum(quantity)",
         lambda rows: [int(rows[0]["n"]), int(rows[0]["q"])],
         {"polars": polars_load, "polars categorical": polars_load_categorical, "duckdb": duckdb_load,
          "pyarrow": pyarrow_load}, fresh=True),
    Task("month", "CSV to monthly revenue", 'm = load "sales.csv" | summarize revenue = sum(quantity * price) per month',
         "m", lambda rows: [[month(r["period"]), money(r["revenue"])] for r in rows],
         {"polars": polars_monthly, "duckdb": duckdb_monthly}, fresh=True),
    Task("parquet", "Parquet to monthly revenue",
         'm = load "sales.parquet" | summarize revenue = sum(quantity * price) per month',
         "m", lambda rows: [[month(r["period"]), money(r["revenue"])] for r in rows],
         {"polars": polars_parquet, "duckdb": duckdb_parquet}, fresh=True),
    Task("month-country", "revenue by month and country, in memory",
         "a = t | summarize revenue = sum(quantity * price) by country per month", "a",
         lambda rows: sorted([month(r["period"]), r["country"], money(r["revenue"])] for r in rows),
         {"polars": polars_month_country, "duckdb": duckdb_month_country}, setup=LOAD),
    Task("rfm", "RFM scores and segments", "rfm = t | segment rfm", "rfm | count by segment",
         lambda rows: sorted([r["segment"], int(r["count"])] for r in rows),
         {"polars": polars_rfm, "duckdb": duckdb_rfm}, setup=LOAD),
    Task("cohort", "monthly cohort retention", "a = t | cohort per month", "a | where retained > 0",
         lambda rows: sorted([month(r["cohort"]), int(r["period"]), int(r["retained"])] for r in rows),
         {"polars": polars_cohort, "duckdb": duckdb_cohort}, setup=LOAD),
    Task("join", "join with products and customers, then group",
         "a = t | join products on product | join customers on customer "
         "| summarize revenue = sum(quantity * price) by category, home = customers_country", "a",
         lambda rows: sorted([r["category"], r["home"], money(r["revenue"])] for r in rows),
         {"polars": polars_join, "duckdb": duckdb_join}, setup=LOAD + '\nload "products.csv"\nload "customers.csv"'),
    Task("abc", "ABC ranking of products", "a = t | rank product", "a | count by class",
         lambda rows: sorted([r["class"], int(r["count"])] for r in rows),
         {"polars": polars_abc, "duckdb": duckdb_abc}, setup=LOAD),
    Task("outliers", "outliers by IQR and by z-score in 12 columns",
         "a = numbers | anomalies * method=iqr | summary\nb = numbers | anomalies * method=zscore | summary",
         "a | join b on column | select column, anomalies, b_anomalies",
         lambda rows: sorted([r["column"], int(r["anomalies"]), int(r["b_anomalies"])] for r in rows),
         {"numpy": numpy_outliers, "polars": polars_outliers}, setup='load "numbers.csv"'),
    # What breaks the shortcuts: rows in no order, millions of distinct texts, line breaks in quotes, CR LF; rows of 100 columns.
    Task("rough-load", "unsorted CSV with CR LF, line breaks in quotes and millions of texts, to a table",
         'load "rough.csv" as t', "t | summarize n = count(), q = sum(quantity), d = count_distinct(ticket)",
         lambda rows: [int(rows[0]["n"]), int(rows[0]["q"]), int(rows[0]["d"])],
         {"polars": partial(rough_load, polars_load), "duckdb": partial(rough_load, duckdb_load)}, fresh=True),
    Task("rough-month", "the same to monthly revenue",
         'm = load "rough.csv" | summarize revenue = sum(quantity * price) per month', "m",
         lambda rows: [[month(r["period"]), money(r["revenue"])] for r in rows],
         {"polars": partial(polars_monthly, file="rough.csv"), "duckdb": partial(duckdb_monthly, file="rough.csv")},
         fresh=True),
    Task("rough-rfm", "RFM of the same, in memory", "rfm = t | segment rfm", "rfm | count by segment",
         lambda rows: sorted([r["segment"], int(r["count"])] for r in rows),
         {"polars": partial(polars_rfm, file="rough.csv"), "duckdb": partial(duckdb_rfm, file="rough.csv")},
         setup='load "rough.csv" as t'),
    Task("wide-month", "a tenth of the rows, 100 columns, to monthly revenue",
         'm = load "wide.csv" | summarize revenue = sum(quantity * price) per month', "m",
         lambda rows: [[month(r["period"]), money(r["revenue"])] for r in rows],
         {"polars": partial(polars_monthly, file="wide.csv"), "duckdb": partial(duckdb_monthly, file="wide.csv")},
         fresh=True),
]
