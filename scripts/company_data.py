#!/usr/bin/env python3
"""Writes the company data set of the quickstart: an invented dealer in office supplies, four CSV files.

    company_data.py [--out FOLDER]     writes the files (default: notebooks/data/company)
    company_data.py --check            compares the committed files with what the generator makes, byte for byte

    customer_profiles.csv      500 customers
    product_information.csv    200 products with price, cost and stock
    daily_sales_metrics.csv    1,095 days, 2022-01-02 to 2024-12-31
    sales_transactions.csv     5,000 order lines of the same days

What is planted in the data stands in README.md beside the files, so that an analysis can be held against it.
Only `random.random()` is drawn from: its sequence for a seed is the same in every Python version.
"""
import argparse
import csv
import io
import math
import random
import sys
from datetime import date, timedelta
from pathlib import Path

SEED = 20241231
FIRST, LAST = date(2022, 1, 2), date(2024, 12, 31)
DAYS = (LAST - FIRST).days + 1
ORDER_LINES = 5_000
FOLDER = Path(__file__).resolve().parent.parent / "notebooks" / "data" / "company"

INDUSTRIES = ["Architecture", "Education", "Finance", "Healthcare", "Hospitality", "Legal", "Logistics", "Manufacturing"]
REGIONS = ["North", "South", "East", "West", "Central"]
NAME_FIRST = ["Alder", "Beacon", "Cedar", "Dover", "Ember", "Fairway", "Granite", "Harbour", "Iris", "Juniper", "Keystone",
              "Linden", "Meadow", "Northgate", "Orchard", "Pioneer", "Quarry", "Riverside", "Summit", "Tideway", "Union",
              "Valley", "Westbrook", "Yarrow", "Zenith"]
NAME_LAST = {
    "Architecture": ["Architects", "Design Studio", "Planning"],
    "Education": ["College", "Academy", "Learning"],
    "Finance": ["Capital", "Advisers", "Insurance"],
    "Healthcare": ["Clinic", "Dental Care", "Pharmacy"],
    "Hospitality": ["Hotel", "Catering", "Events"],
    "Legal": ["Law", "Notaries", "Counsel"],
    "Logistics": ["Freight", "Couriers", "Warehousing"],
    "Manufacturing": ["Tools", "Plastics", "Engineering"],
}

# Category: lowest and highest price, and what is sold.
CATALOGUE = {
    "Paper": (3, 32, ["Copy Paper", "Notebook", "Sticky Notes", "Card Stock", "Envelopes"]),
    "Writing": (2, 24, ["Gel Pens", "Ballpoint Pens", "Highlighters", "Whiteboard Markers", "Pencils"]),
    "Desk": (5, 45, ["Stapler", "Desk Tray", "Scissors", "Tape Dispenser", "Desk Lamp"]),
    "Storage": (6, 60, ["Lever Arch File", "Archive Box", "Folder", "Drawer Unit", "Label Roll"]),
    "Technology": (12, 240, ["Toner", "Keyboard", "Headset", "Webcam", "USB Cable"]),
    "Kitchen": (4, 38, ["Coffee Beans", "Paper Filters", "Mugs", "Tea Bags", "Sugar Sticks"]),
    "Cleaning": (3, 28, ["Surface Cleaner", "Bin Bags", "Hand Soap", "Paper Towels", "Gloves"]),
    "Furniture": (45, 480, ["Office Chair", "Standing Desk", "Whiteboard", "Bookcase", "Footrest"]),
}
GRADES = ["Basic", "Classic", "Plus", "Recycled", "Premium"]

# Bought together: what, and how often an order starts from it.
BUNDLES = [
    (["Classic Copy Paper", "Classic Toner"], 0.13),
    (["Plus Coffee Beans", "Plus Paper Filters", "Classic Mugs"], 0.10),
    (["Premium Whiteboard", "Classic Whiteboard Markers"], 0.07),
    (["Recycled Notebook", "Basic Gel Pens"], 0.08),
    (["Basic Bin Bags", "Basic Surface Cleaner", "Basic Paper Towels"], 0.07),
]
DISCONTINUED = [("P901", 14.90), ("P902", 7.40)]  # still ordered in 2022, no longer in the catalogue

WEEKDAY_SHOP = [1.08, 1.05, 1.02, 1.04, 1.12, 0.86, 0.64]
WEEKDAY_TRADE = [1.15, 1.10, 1.05, 1.05, 0.95, 0.12, 0.03]
PROMOTIONS = {  # month and day of the first day, number of days, price factor, demand factor
    "Spring sale": (3, 14, 10, 0.90, 1.30),
    "Back to office": (9, 2, 7, 0.92, 1.25),
    "Black Friday": (11, 24, 5, 0.82, 1.65),
}
# Planted in daily_sales_metrics: factor on traffic, factor on price.
ANOMALIES = {
    date(2022, 5, 18): (0.22, 1.0),  # web shop down
    date(2022, 10, 6): (2.30, 1.0),  # mentioned on television
    date(2023, 2, 21): (0.18, 1.0),  # web shop down
    date(2023, 6, 13): (1.0, 0.45),  # price list uploaded in the wrong currency
    date(2023, 8, 29): (2.10, 1.0),  # public tender
    date(2024, 1, 24): (0.25, 1.0),  # payment provider down
    date(2024, 5, 7): (2.60, 1.0),  # public tender
    date(2024, 9, 19): (0.15, 1.0),  # web shop down
}


class Draw:
    """Distributions made from uniform numbers only."""

    def __init__(self, seed):
        self.uniform = random.Random(seed).random

    def between(self, low, high):
        return low + (high - low) * self.uniform()

    def integer(self, low, high):
        return low + int((high - low + 1) * self.uniform())

    def pick(self, items):
        return items[int(len(items) * self.uniform())]

    def normal(self):
        return math.sqrt(-2 * math.log(1 - self.uniform())) * math.cos(2 * math.pi * self.uniform())

    def lognormal(self, median, sigma):
        return median * math.exp(sigma * self.normal())

    def exponential(self, mean):
        return -mean * math.log(1 - self.uniform())

    def weighted(self, cumulative):
        """The index of the first bound above a uniform number; the bounds rise to 1."""
        u, low, high = self.uniform(), 0, len(cumulative) - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if u < cumulative[middle] else (middle + 1, high)
        return low


def shares(weights):
    total, bounds, seen = sum(weights), [], 0.0
    for weight in weights:
        seen += weight
        bounds.append(seen / total)
    return bounds


def money(value):
    return f"{value:.2f}"


def year_season(day):
    """Busy before Christmas, quiet in August."""
    angle = 2 * math.pi * (day.timetuple().tm_yday - 1) / 365.25
    return 1 + 0.10 * math.cos(angle - 0.3) - 0.07 * math.cos(2 * angle - 1.0) + 0.05 * math.sin(angle)


def promotion(day):
    for name, (month, first, length, price, demand) in PROMOTIONS.items():
        if 0 <= (day - date(day.year, month, first)).days < length:
            return name, price, demand
    return "", 1.0, 1.0


def products():
    """Rows of product_information, with the popularity of each product."""
    draw = Draw(SEED + 1)
    rows, popularity = [], []
    for category, (low, high, kinds) in CATALOGUE.items():
        for kind in kinds:
            scale = draw.uniform()
            for step, grade in enumerate(GRADES):
                position = 0.75 * scale + 0.25 * step / (len(GRADES) - 1)
                price = round(low * (high / low) ** position, 1) - 0.01
                rows.append({
                    "product_id": f"P{len(rows) + 1:03d}", "product_name": f"{grade} {kind}", "category": category,
                    "price": round(price, 2), "cost": round(price * draw.between(0.48, 0.74), 2)})
                popularity.append(draw.lognormal(1, 1.0))
    ranked = sorted(popularity)
    for row, weight in zip(rows, popularity):
        # Stock follows demand, except where it does not: some products run out, some lie for years.
        demand = weight / ranked[len(ranked) // 2]
        u = draw.uniform()
        factor = 0.0 if u < 0.02 else 0.12 if u < 0.10 else 6.0 if u > 0.94 else draw.between(0.8, 1.6)
        row["stock_level"] = int(round(60 * demand ** 0.8 * factor))
    return rows, popularity


def daily_metrics():
    draw = Draw(SEED + 2)
    days = [FIRST + timedelta(days=t) for t in range(DAYS)]
    spend, mood = [], 0.0
    for t, day in enumerate(days):
        mood = 0.6 * mood + 0.16 * draw.normal()
        boost = 1.5 if promotion(day)[0] else 1.0
        week = 1.1 if day.weekday() < 5 else 0.7
        spend.append(round(820 * (1 + 0.0003 * t) * week * boost * math.exp(mood), 2))
    rows = []
    for t, day in enumerate(days):
        name, price_factor, demand = promotion(day)
        traffic_factor, wrong_price = ANOMALIES.get(day, (1.0, 1.0))
        # Advertising is seen, thought over, and brings visitors two days later.
        reach = (spend[max(0, t - 2)] / 900) ** 0.22
        level = 2600 * (1 + 0.00042 * t) * WEEKDAY_SHOP[day.weekday()] * year_season(day)
        traffic = int(round(level * reach * traffic_factor * math.exp(0.05 * draw.normal())))
        price = round(21.5 * (1 + 0.00006 * t) * price_factor * wrong_price * math.exp(0.012 * draw.normal()), 2)
        units = int(round(traffic * 0.24 * demand * math.exp(0.04 * draw.normal())))
        cents = units * round(price * 100)
        unit_cost = 12.9 * (1 + 0.00009 * t) * math.exp(0.01 * draw.normal())
        cost = round(units * unit_cost * 100)
        rows.append([day.isoformat(), money(cents / 100), money(cost / 100), money((cents - cost) / 100), money(spend[t]),
                     traffic, units, money(price), name])
    return rows


def customers():
    """Rows of customer_profiles without their lifetime value, and how each buys: first day, last day, orders a year."""
    draw = Draw(SEED + 3)
    names = sorted((f"{first} {last}", industry) for industry, lasts in NAME_LAST.items() for first in NAME_FIRST for last in lasts)
    chosen = sorted(names, key=lambda _: draw.uniform())[:500]
    rows, habits = [], []
    for number, (name, industry) in enumerate(chosen, start=1):
        since = draw.integer(1, 12)
        employees = max(3, int(round(draw.lognormal(55, 0.85))))
        if number in (77, 203, 342, 468):
            employees *= 40  # a group's head office counted with all its branches
        satisfaction = "" if draw.uniform() < 0.06 else max(1, min(10, int(round(7.2 + 1.6 * draw.normal()))))
        rows.append([f"C{number:04d}", name, industry, draw.pick(REGIONS), employees, since, satisfaction])
        if draw.uniform() < 0.07:
            habits.append(None)  # has an account and never ordered
            continue
        first = 0 if since > 3 else int(DAYS * draw.uniform() ** 0.8 * 0.92)
        leaves = draw.uniform() < 0.38
        last = min(DAYS - 1, first + int(draw.exponential(380))) if leaves else DAYS - 1
        rate = min(22.0, draw.lognormal(1.5, 0.85))
        habits.append((first, last, rate, draw.lognormal(1, 0.5)))
    return rows, habits


def orders(habits):
    """(day, customer index) of every order, by day."""
    draw = Draw(SEED + 4)
    found = []
    for index, habit in enumerate(habits):
        if habit is None:
            continue
        first, last, rate, _ = habit
        t = float(first)
        while t <= last:
            day = FIRST + timedelta(days=int(t))
            # Thinning: the day's demand decides whether the thought of an order becomes one.
            if t == first or draw.uniform() < year_season(day) * WEEKDAY_TRADE[day.weekday()] / 1.6:
                found.append((int(t), index))
            t += draw.exponential(365 / (rate * 2.0))
    return sorted(found)


def basket(draw, catalogue, by_name, popularity_bounds, day):
    chosen = []
    u = draw.uniform()
    for items, share in BUNDLES:
        if u < share:
            chosen = [by_name[item] for item in items if draw.uniform() < 0.88]
            break
        u -= share
    extra = int(draw.exponential(1.15)) if chosen else 1 + int(draw.exponential(1.25))
    for _ in range(min(extra, 9)):
        chosen.append(draw.weighted(popularity_bounds))
    picked = [(catalogue[i]["product_id"], catalogue[i]["price"]) for i in dict.fromkeys(chosen)]
    if day.year == 2022 and draw.uniform() < 0.03:
        picked.append(draw.pick(DISCONTINUED))
    return picked


def transactions(catalogue, popularity, habits):
    draw = Draw(SEED + 5)
    by_name = {row["product_name"]: i for i, row in enumerate(catalogue)}
    bounds = shares(popularity)
    filled = []
    for t, customer in orders(habits):
        day = FIRST + timedelta(days=t)
        filled.append((day, customer, basket(draw, catalogue, by_name, bounds, day)))
    excess = sum(len(items) for _, _, items in filled) - ORDER_LINES
    if excess < 0:
        sys.exit(f"the customers order {-excess} lines too few")
    while excess > 0:
        # Spare orders go anywhere in time, so that no period is cut short.
        day, customer, items = filled.pop(int(len(filled) * draw.uniform()))
        if len(items) > excess:
            filled.append((day, customer, items[excess:]))
        excess -= len(items)
    filled = sorted((order for order in filled if order[2]), key=lambda order: (order[0], order[1]))
    rows, spent = [], {}
    for number, (day, customer, items) in enumerate(filled, start=1):
        ship = day + timedelta(days=1 + int(draw.exponential(1.6)))
        shipped = "" if ship > LAST else ship.isoformat()
        size = habits[customer][3]
        campaign, price_factor, _ = promotion(day)
        discount = round(1 - price_factor, 2) if campaign else 0.05 if size > 1.9 else 0.0
        for product, price in items:
            rise = 1 - 0.03 * (LAST.year - day.year)  # prices rose by 3 % of today's a year
            unit = round(price * rise, 2)
            quantity = max(1, int(round(size * draw.lognormal(4.0, 0.6) / (1 + price / 60))))
            if draw.uniform() < 0.0016:
                quantity *= 40  # a carton entered as single pieces
            gross = round(quantity * unit, 2)
            net = round(gross * (1 - discount), 2)
            spent[customer] = spent.get(customer, 0.0) + net
            rows.append([f"SO-{10000 + number}", day.isoformat(), shipped, f"C{customer + 1:04d}", product, quantity, money(unit),
                         f"{discount:.2f}", money(gross), money(net)])
    return rows, spent


def files():
    """The four files, as (name, bytes)."""
    catalogue, popularity = products()
    profiles, habits = customers()
    sold, spent = transactions(catalogue, popularity, habits)
    draw = Draw(SEED + 6)
    for index, row in enumerate(profiles):
        # Years before the data starts count too.
        earlier = max(0, row[5] - 3) * draw.lognormal(140, 0.7) if habits[index] else 0.0
        row.append(money(spent.get(index, 0.0) + earlier))
    yield "customer_profiles.csv", [["customer_id", "customer_name", "industry", "region", "employee_count",
                                     "years_as_customer", "satisfaction", "lifetime_value"]] + profiles
    yield "product_information.csv", [["product_id", "product_name", "category", "price", "cost", "stock_level"]] + [
        [row["product_id"], row["product_name"], row["category"], money(row["price"]), money(row["cost"]), row["stock_level"]]
        for row in catalogue]
    yield "daily_sales_metrics.csv", [["date", "revenue", "cost", "profit", "marketing_spend", "customer_traffic", "units_sold",
                                       "price", "promotion"]] + daily_metrics()
    yield "sales_transactions.csv", [["order_id", "order_date", "ship_date", "customer_id", "product_id", "quantity",
                                      "unit_price", "discount", "gross_amount", "net_amount"]] + sold


def encoded(rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--out", type=Path, default=FOLDER)
    arguments.add_argument("--check", action="store_true")
    options = arguments.parse_args()
    wrong = 0
    if not options.check:
        options.out.mkdir(parents=True, exist_ok=True)
    for name, rows in files():
        path, content = options.out / name, encoded(rows)
        if not options.check:
            path.write_bytes(content)
            print(f"{path}: {len(rows) - 1:,} rows")
        elif path.is_file() and path.read_bytes() == content:
            print(f"PASS {name}: {len(rows) - 1:,} rows, as generated")
        else:
            print(f"FAIL {name}: differs from what the generator makes; run `make company-data` and look at the change")
            wrong += 1
    if options.check:
        print(f"{4 - wrong} passed, {wrong} failed, 0 skipped")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
