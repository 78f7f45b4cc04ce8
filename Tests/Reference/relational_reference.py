"""Writes Tests/Specs/Relational/pandas.spec: relational cells on one seeded table, and what pandas answers.

    python Tests/Reference/relational_reference.py

Made with pandas 3.1.1.
"""
import datetime as dt
import pathlib
import random

import numpy as np
import pandas as pd

SPEC = pathlib.Path(__file__).parent.parent / "Specs" / "Relational" / "pandas.spec"
rng = random.Random(42)
rows = []
for number in range(1, 31):
    day = dt.date(2024, 1, 3) + dt.timedelta(days=rng.randrange(150))
    rows.append({
        "line": number,
        "region": rng.choice(["north", "south", "east", None]),
        "product": f"P{rng.randrange(1, 7)}",
        "qty": rng.choice([None, 1, 2, 3, 5, 8, -1]),
        "price": rng.choice([2.5, 4.0, 0.75, 10.0, None]),
        "day": day,
    })
sales = pd.DataFrame(rows)
sales["qty"] = sales["qty"].astype(float)
sales["day"] = pd.to_datetime(sales["day"])
items = pd.DataFrame({"product": ["P1", "P2", "P3", "P5", "P8"], "kind": ["tea", "gift", "tea", "home", "gift"],
                      "cost": [1.5, 2.0, 0.5, 6.0, 3.0]})


def cell(value):
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)) or value is pd.NA:
        return "–"
    if isinstance(value, (pd.Timestamp, dt.date)):
        return pd.Timestamp(value).strftime("%Y-%m-%d")
    if isinstance(value, pd.Period):
        return str(value)
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)):
        text = repr(round(float(value) * 1e10) / 1e10)  # the spec runner rounds to ten decimals
        return text.removesuffix(".0").replace("-0", "0") if float(text) == 0 else text.removesuffix(".0")
    return str(value)


def csv(frame):
    lines = [",".join(frame.columns)]
    for row in frame.itertuples(index=False):
        lines.append(",".join("" if cell(v) == "–" else cell(v) for v in row))
    return "\n".join(lines)


def table(frame):
    lines = [" | ".join(frame.columns)]
    lines += [" | ".join(cell(v) for v in row) for row in frame.astype(object).itertuples(index=False)]
    return "\n".join(lines)


out = ["# Relational cells, and what pandas answers. Written by Tests/Reference/relational_reference.py.",
       "--- table sales", csv(sales), "--- table items", csv(items), ""]


def case(title, source, frame):
    out.extend([f"=== {title}", "--- cell", source, "--- result", table(frame), ""])


work = sales.assign(amount=sales.qty * sales.price)

case("conditions with missing values", 'sales | where qty > 1 and not (region = "north") | select line, region, qty',
     sales[(sales.qty > 1) & sales.region.notna() & (sales.region != "north")][["line", "region", "qty"]])
case("either condition is enough", "sales | where qty < 0 or price >= 10 | select line",
     sales[(sales.qty < 0) | (sales.price >= 10)][["line"]])
case("dates between", "sales | where day between 2024-02-01 and 2024-03-31 | sort day, line | select line, day",
     sales[(sales.day >= "2024-02-01") & (sales.day <= "2024-03-31")].sort_values(["day", "line"])[["line", "day"]])

by = work.groupby("region", dropna=False, sort=True)
case("aggregates by region", """sales
| summarize rows = count(), n = count(qty), total = sum(qty * price), mean = mean(price), median = median(price),
    sd = sd(price), low = min(day), products = count_distinct(product), q = quantile(price, 25%)
    by region""",
     pd.DataFrame({
         "rows": by.line.size(), "n": by.qty.count(), "total": by.amount.sum(min_count=1), "mean": by.price.mean(),
         "median": by.price.median(), "sd": by.price.std(), "low": by.day.min(), "products": by["product"].nunique(),
         "q": by.price.quantile(0.25)}).reset_index().sort_values("region", na_position="last"))
month = work.assign(period=work.day.dt.to_period("M"))
grouped = month.groupby("period").agg(total=("amount", "sum"), rows=("line", "size")).reset_index()
case("totals per month", "sales | summarize total = sum(qty * price), rows = count() per month", grouped)
case("growth, share and running total of months",
     """sales
| summarize total = sum(qty * price) per month
| add growth = growth(total), share = share(total), running = cumulative(total) sort period""",
     grouped[["period", "total"]].assign(
         growth=grouped.total.pct_change().replace([np.inf, -np.inf], np.nan), share=grouped.total / grouped.total.sum(),
         running=grouped.total.cumsum()))

ordered = work.sort_values(["day", "line"])
g = ordered.groupby("region", dropna=False)
windows = ordered.assign(
    before=g.qty.shift(1), number=g.cumcount() + 1, total=g.qty.transform(
        lambda s: s.fillna(0).cumsum().where(s.notna().cumsum() > 0)),
    mean=g.price.transform("mean"),
    moving=g.price.transform(lambda s: s.rolling(2, min_periods=1).mean().where(np.arange(len(s)) >= 1)),
).sort_values("line")[["line", "before", "number", "total", "mean", "moving"]]
case("windows by region in the order of days",
     """sales
| add before = lag(qty), number = row_number(), total = cumulative(qty), mean = mean(price), moving = rolling(price, 2, mean)
    by region sort day, line
| select line, before, number, total, mean, moving""", windows)

joined = sales.merge(items, on="product", how="left")
joined["margin"] = joined.qty * (joined.price - joined.cost)
kinds = joined.groupby("kind", dropna=False, sort=True).agg(
    margin=("margin", lambda s: s.sum(min_count=1)), rows=("line", "size")).reset_index().sort_values(
        "kind", na_position="last")
case("a join and its groups",
     "sales | join items on product | summarize margin = sum(qty * (price - cost)), rows = count() by kind", kinds)
case("rows without a partner", "sales | join items on product kind=anti | sort line | select line, product",
     sales[~sales["product"].isin(items["product"])][["line", "product"]])
top = work[work.amount.notna()].sort_values(["amount", "line"], ascending=[False, True], kind="stable").head(5)
case("the largest amounts", "sales | add amount = qty * price | sort amount desc, line | take 5 | select line, amount",
     top[["line", "amount"]])
case("combinations", "sales | distinct region, product | sort region, product | select region, product",
     sales[["region", "product"]].drop_duplicates().sort_values(["region", "product"], na_position="last"))
case("parts of dates", "sales | add w = week(day), q = quarter(day), e = end_of(day, month) | take 8 | select w, q, e",
     pd.DataFrame({"w": sales.day.dt.isocalendar().week.astype(int), "q": sales.day.dt.quarter,
                   "e": sales.day.dt.to_period("M").dt.end_time.dt.normalize()}).head(8))

SPEC.write_text("\n".join(out).rstrip() + "\n")
