"""What pandas answers to the questions that Tests/EngineTests/PandasTests.swift asks the engine.

    python Tests/Reference/engine_reference.py

writes Tests/Reference/engine/*.csv: a seeded table (sales, products) and one file for each question.
Made with pandas 3.1.1.
"""
import datetime as dt
import pathlib
import random

import numpy as np
import pandas as pd

OUT = pathlib.Path(__file__).parent / "engine"
OUT.mkdir(exist_ok=True)
rng = random.Random(20111209)


def maybe(value, share=0.1):
    return None if rng.random() < share else value


rows = []
for number in range(400):
    day = dt.date(2010, 12, 1) + dt.timedelta(days=rng.randrange(374))
    moment = dt.datetime.combine(day, dt.time(rng.randrange(24), rng.randrange(60)))
    rows.append({
        "line": number,
        "shop": maybe(rng.choice(["north", "south", "east", "west", "Île"])),
        "product": f"P{rng.randrange(1, 21):02d}",
        "units": maybe(rng.randrange(-2, 12)),
        "price": maybe(round(rng.uniform(0, 20), 2) if rng.random() < 0.9 else 0.0),
        "day": maybe(day, 0.05),
        "moment": moment,
    })
sales = pd.DataFrame(rows)
sales["units"] = sales["units"].astype("Int64")
sales["day"] = pd.to_datetime(sales["day"])
products = pd.DataFrame({
    "product": [f"P{n:02d}" for n in range(3, 25)],
    "category": [["tea", "gift", "home"][n % 3] for n in range(3, 25)],
    "price": [n / 4 for n in range(3, 25)],
})


def write(name, frame, dates=()):
    frame = frame.copy()
    for column in dates:
        frame[column] = pd.to_datetime(frame[column]).dt.strftime("%Y-%m-%d")
    frame.to_csv(OUT / f"{name}.csv", index=False, date_format="%Y-%m-%d %H:%M", float_format="%.15g")


write("sales", sales, ["day"])
write("products", products)

x = sales["units"].astype(float)
amount = x * sales["price"]

# 1. Every aggregate by shop, groups in order of first appearance, a missing shop as a group of its own.
work = sales.assign(x=x, amount=amount)
groups = []
for shop, part in work.groupby("shop", sort=False, dropna=False):
    both = part.dropna(subset=["price", "x"])
    groups.append({
        "shop": shop, "rows": len(part), "n": part.x.count(), "sum": part.x.sum(min_count=1), "mean": part.x.mean(),
        "median": part.x.median(), "sd": part.x.std(), "var": part.x.var(), "q90": part.price.quantile(0.9),
        "low": part.price.min(), "high": part.price.max(), "products": part["product"].nunique(),
        "mode": part.x.mode().iloc[0], "first": part.x.dropna().iloc[0], "last": part.x.dropna().iloc[-1],
        "wmean": np.average(both.price, weights=both.x), "amount": part.amount.sum(min_count=1),
    })
write("groups", pd.DataFrame(groups))

# 2. By month, filtered first; months in order of first appearance.
kept = work[(work.x > 0) & work.price.notna()]
months = kept.assign(month=kept.day.dt.to_period("M").dt.start_time).groupby("month", sort=False, dropna=False).agg(
    amount=("amount", "sum"), rows=("line", "size")).reset_index()
write("months", months, ["month"])

# 3. Windows by shop in the order of day; ties by the order of rows.
ordered = work.sort_values("day", kind="stable", na_position="last")
by = ordered.groupby("shop", sort=False, dropna=False)
windows = pd.DataFrame({
    "line": ordered.line,
    "before": by.x.shift(1),
    "after": by.price.shift(-2),
    "total": by.price.transform(lambda s: s.fillna(0).cumsum().where(s.notna().cumsum() > 0)),
    "change": by.x.diff(),
    "growth": by.price.pct_change(fill_method=None).replace([np.inf, -np.inf], np.nan),
    "share": ordered.x / by.x.transform("sum"),
    "number": by.cumcount() + 1,
    "mean3": by.price.transform(lambda s: s.rolling(3, min_periods=1).mean().where(np.arange(len(s)) >= 2)),
    "sum3": by.price.transform(lambda s: s.rolling(3, min_periods=1).sum()),
    "sd4": by.price.transform(lambda s: s.rolling(4, min_periods=2).std()),
    "best": by.price.transform("max"),
}).sort_values("line")
write("windows", windows)
ranks = pd.DataFrame({
    "line": work.line,
    "rank": work.groupby("shop", dropna=False).price.rank(method="min", na_option="bottom"),
    "dense": work.groupby("shop", dropna=False).price.rank(method="dense", na_option="bottom"),
    "percent": (work.groupby("shop", dropna=False).price.rank(method="min", na_option="bottom") - 1)
    / (work.groupby("shop", dropna=False).line.transform("size") - 1),
})
write("ranks", ranks)

# 4. A left join with clashing names, and the rows without a partner.
joined = sales[["line", "product", "price"]].merge(products, on="product", how="left", suffixes=("", "_right"))
write("joined", joined.rename(columns={"price_right": "products_price"})[
    ["line", "product", "price", "category", "products_price"]])

# 5. An order of two keys; missing last in both directions, ties in the order of rows.
missing = work.shop.isna()
order = pd.concat([
    work[~missing].sort_values(["shop", "price"], ascending=[False, True], kind="stable", na_position="last"),
    work[missing].sort_values("price", kind="stable", na_position="last")])
write("order", order[["line"]])

# 6. The calendar.
d, m = sales.day, sales.moment
calendar = pd.DataFrame({
    "line": sales.line, "year": d.dt.year, "quarter": d.dt.quarter, "month": d.dt.month,
    "week": d.dt.isocalendar().week, "dayofmonth": d.dt.day, "weekday": d.dt.day_of_week + 1, "name": d.dt.month_name(),
    "quarterstart": d.dt.to_period("Q").dt.start_time, "monthend": d.dt.to_period("M").dt.end_time.dt.normalize(),
    "weekstart": m.dt.to_period("W").dt.start_time, "hour": m.dt.hour,
    "later": d + pd.DateOffset(months=3), "age": (pd.Timestamp("2011-12-10") - d).dt.days,
})
for column in ["year", "quarter", "month", "dayofmonth", "weekday", "age"]:
    calendar[column] = calendar[column].astype("Int64")
write("calendar", calendar, ["quarterstart", "monthend", "weekstart", "later"])
