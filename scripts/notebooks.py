#!/usr/bin/env python3
"""Writes the notebooks from the cells below and executes them, so that they are committed with their outputs.

    notebooks.py [NAME ...]      quickstart, online_retail; all when none is named
"""
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).resolve().parent.parent

QUICKSTART = """
# A first look at Martlet

An invented dealer in office supplies: 500 customers, 200 products, three years of daily figures and 5,000 order lines.
Each cell below is a sentence; each result says what it assumed. Press Shift-Enter to run a cell, Tab to complete a word,
Shift-Tab to read about it.
---
load "data/company/*.csv"
---
## How has business gone?
---
daily_sales_metrics | roles date=date amount=revenue
daily_sales_metrics
| growth revenue per quarter
| title "Revenue by quarter"
---
daily_sales_metrics
| where date >= 2024-01-01
| summarize
    revenue = sum(revenue),
    margin  = ratio(sum(revenue) - sum(cost), sum(revenue)),
    per month
| title "Revenue and margin in 2024"
---
## Which days stand out?

Trend and the rhythm of the week are taken off first; what is left over tells the unusual days.
---
daily_sales_metrics | anomalies revenue per day
---
## What should be expected?
---
daily_sales_metrics | forecast revenue per week for 8 weeks
---
## Who are the customers?
---
sales_transactions | roles date=order_date amount=net_amount
rfm = sales_transactions | segment rfm
rfm | summary
---
rfm | where segment = "At Risk" | top 5 by amount
---
sales_transactions | cohort per quarter
---
## What is bought together?
---
named = sales_transactions | join product_information on product_id
named | basket product_name by order_id support=0.3% confidence=30% | top 10 by lift
---
named
| summarize revenue = sum(net_amount), orders = count_distinct(order_id) by category
| sort revenue desc
| title "Revenue by category"
"""

ONLINE_RETAIL = """
# Online Retail: a year of a British gift wholesaler

541,909 invoice lines from December 2010 to December 2011.
Chen, D. (2015). *Online Retail* [Dataset]. UCI Machine Learning Repository. https://doi.org/10.24432/C5BW33 (CC BY 4.0).
`make data` puts the file in place.
---
param country = "United Kingdom" "Country for the basket analysis"
param horizon = 14 in [7, 14, 28] "Days to forecast"
---
raw = load "data/online_retail.csv.gz"
raw | describe
---
## Cleaning

Duplicates, cancelled orders and lines without a positive quantity and price are taken out; the log says how many.
---
sales = raw | clean
sales | kpi vs previous quarter
---
## How did revenue develop?
---
sales | growth amount per month | title "Revenue by month"
---
## Who buys?
---
rfm = sales | segment rfm by CustomerID
rfm | summary
---
sales | segment spend into Bronze, Silver, Gold, Platinum | churn after 90 days by segment
---
## Who comes back?
---
sales | cohort per month | chart heatmap title="Who comes back, by month of first purchase"
---
sales | loyalty target=80%
---
## What is bought together?
---
bundles = sales
| where Country = country
| basket Description by InvoiceNo support=1% confidence=60% lift=2
bundles | top 10 by lift | select rule, orders, support, confidence, lift
---
## What comes next, and what was unusual?
---
sales | forecast amount per day for horizon level=80%
---
sales | anomalies amount per day
"""


def write(name, text):
    cells = []
    for part in text.strip("\n").split("\n---\n"):
        is_text = part.startswith("#") or part.startswith("Trend") or part.startswith("Duplicates")
        cells.append(new_markdown_cell(part) if is_text else new_code_cell(part))
    for number, cell in enumerate(cells, 1):
        cell.id = f"cell-{number}"
    notebook = new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {"display_name": "Martlet", "language": "martlet", "name": "martlet"},
            "language_info": {"name": "martlet", "file_extension": ".martlet", "pygments_lexer": "julia"},
        })
    path = ROOT / "notebooks" / f"{name}.ipynb"
    nbformat.write(notebook, path)
    return subprocess.run(
        [sys.executable, str(ROOT / "Tests/Notebooks/execute.py"), str(path), "--write"], check=False).returncode


if __name__ == "__main__":
    sources = {"quickstart": QUICKSTART, "online_retail": ONLINE_RETAIL}
    sys.exit(max(write(name, sources[name]) for name in sys.argv[1:] or sources))
