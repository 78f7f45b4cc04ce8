"""Writes the small workbooks that the tests of the Excel reader read, by openpyxl and by hand.

    python scripts/reference/workbook.py        (needs openpyxl and msoffcrypto-tool)

What each holds is said in Tests/ColumnarTests/Workbook; openpyxl is somebody else's answer to how such files are written.
"""
import datetime as dt
import io
import pathlib
import zipfile

import msoffcrypto.format.ooxml
import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

FOLDER = pathlib.Path(__file__).parents[2] / "Tests" / "Reference" / "workbook"
FOLDER.mkdir(parents=True, exist_ok=True)
STAMP = (2024, 1, 1, 0, 0, 0)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def save(book, name):
    """Saves a workbook with fixed times, so that it is the same bytes each time."""
    book.properties.created = book.properties.modified = dt.datetime(*STAMP)
    raw = io.BytesIO()
    book.save(raw)
    repack(raw.getvalue(), name, {})


def repack(raw, name, parts):
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(FOLDER / name, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        for part in names + [part for part in parts if part not in names]:
            data = old.read(part) if part in names else b""
            if part == "docProps/core.xml":
                data = b"<cp:coreProperties xmlns:cp='http://schemas.openxmlformats.org/package/2006/metadata/core-properties'/>"
            if part == "xl/_rels/workbook.xml.rels" and b"sharedStrings" not in data and "xl/sharedStrings.xml" in parts:
                relation = f"<Relationship Type='{RELATION}/sharedStrings' Target='sharedStrings.xml' Id='rIdS'/>"
                data = data.replace(b"</Relationships>", relation.encode() + b"</Relationships>")
            new.writestr(zipfile.ZipInfo(part, STAMP), parts.get(part, data), zipfile.ZIP_DEFLATED)


def types():
    """All kinds of cells, with gaps; the table begins in B3."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Sales"
    header = ["order", "price", "day", "moment", "paid", "name", "mixed", "share", "amount", "name", None, "clock", "long"]
    rows = [
        [1, 2.55, dt.date(2024, 2, 29), dt.datetime(2024, 2, 29, 8, 26, 5), True, "Zoë", 1, 0.25, 10, "a", 1, dt.time(8, 30), dt.timedelta(hours=36)],
        [2, 3, dt.date(1900, 3, 1), dt.datetime(2024, 3, 1), False, None, "two", 0.5, 11.5, "b", 2, dt.time(23, 59, 59), dt.timedelta(minutes=5)],
        None,
        [3, "#N/A", dt.date(1900, 1, 1), None, None, " x & <y> ", 3.5, 1, None, "a", 3, None, None],
        [4, 1e-3, dt.date(9999, 12, 31), dt.datetime(2024, 3, 1, 23, 59, 59, 500000), True, "NA", dt.date(2024, 1, 2), None, -3, "", 4, None, None],
    ]
    for column, name in enumerate(header, 2):
        sheet.cell(3, column, name)
    for place, row in enumerate(rows, 4):
        for column, value in enumerate(row or [], 2):
            cell = sheet.cell(place, column, value)
            if header[column - 2] == "share":
                cell.number_format = "0.0%"
            if header[column - 2] == "amount":
                cell.number_format = '#,##0.00\\ [$€-407];[Red]-#,##0.00\\ [$€-407]'
    sheet["F8"].font = Font(bold=True)
    # A cell that has a look and no value, far away.
    sheet["Z90"].font = Font(bold=True)
    save(book, "types.xlsx")


def sheets():
    """Several sheets: one empty, one hidden, one that counts days from 1904."""
    book = openpyxl.Workbook()
    book.active.title = "Empty"
    orders = book.create_sheet("Orders")
    orders.append(["a", "b"])
    orders.append([1, "x"])
    people = book.create_sheet("People & Places")
    people.append(["id", "text"])
    people.append([7, CellRichText("plain ", TextBlock(InlineFont(b=True), "bold"), " end")])
    secret = book.create_sheet("Secret")
    secret.sheet_state = "hidden"
    secret.append(["s"])
    secret.append([1])
    save(book, "sheets.xlsx")

    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["day"])
    book.active.append([dt.date(2024, 2, 29)])
    hidden = book.create_sheet("More")
    hidden.sheet_state = "hidden"
    hidden.append(["x"])
    save(book, "mac.xlsx")


def headless():
    """Numbers from the first row on; and years as names of columns."""
    book = openpyxl.Workbook()
    for row in ([1, 2.5], [2, 3.5], [3, 4.5]):
        book.active.append(row)
    save(book, "headless.xlsx")
    book = openpyxl.Workbook()
    for row in (["region", 2022, 2023], ["north", 1, 2], ["south", 3, 4]):
        book.active.append(row)
    save(book, "years.xlsx")


def by_hand():
    """What openpyxl does not write: inline texts, texts of formulas, phonetic runs, prefixes of names, cells without names."""
    ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strings = (
        f"<sst xmlns='{ns}'><si><t>名前</t><rPh sb='0' eb='2'><t>なまえ</t></rPh></si>"
        "<si><r><t>one</t></r><r><t xml:space='preserve'> two</t></r></si><si><t>line_x000D_end_x005F_x_xD83D__xDE00_</t></si></sst>"
    )
    sheet = (
        f"<x:worksheet xmlns:x='{ns}'><x:sheetData>"
        "<x:row><x:c t='s'><x:v>0</x:v></x:c><x:c t='inlineStr'><x:is><x:t>kind</x:t></x:is></x:c><x:c t='str'><x:v>f</x:v></x:c><x:c t='inlineStr'><x:is><x:t>d</x:t></x:is></x:c></x:row>"
        "<x:row><x:c t='s'><x:v>1</x:v></x:c><x:c t='str'><x:f>A1</x:f><x:v>made</x:v></x:c><x:c><x:f>1+1</x:f><x:v>2</x:v></x:c><x:c t='d'><x:v>2024-02-29T12:00:00Z</x:v></x:c></x:row>"
        "<x:row r='3'><x:c r='A3' t='s'><x:v>2</x:v></x:c><x:c r='C3' t='e'><x:v>#DIV/0!</x:v></x:c><x:c r='D3' t='d'><x:v>2024-03-01</x:v></x:c></x:row>"
        "<x:row r='4'><x:c r='A4' t='e'><x:v>#N/A</x:v></x:c><x:c r='C4'><x:v>1.5E3</x:v></x:c></x:row>"
        "</x:sheetData></x:worksheet>"
    )
    book = openpyxl.Workbook()
    book.active.append(["placeholder"])
    raw = io.BytesIO()
    book.save(raw)
    parts = {"xl/sharedStrings.xml": strings.encode(), "xl/worksheets/sheet1.xml": sheet.encode()}
    repack(raw.getvalue(), "byhand.xlsx", parts)

    bomb = "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>" + sheet.replace("kind", "&b;")
    parts["xl/worksheets/sheet1.xml"] = bomb.encode()
    repack(raw.getvalue(), "laughs.xlsx", parts)
    parts["xl/worksheets/sheet1.xml"] = sheet.replace("<x:v>2</x:v></x:c><x:c r='C3'", "<x:v>9</x:v></x:c><x:c r='C3'").encode()
    repack(raw.getvalue(), "noshared.xlsx", parts)
    parts["xl/worksheets/sheet1.xml"] = sheet.replace("</x:row><x:row r='4'>", "<x:row r='4'>").encode()
    repack(raw.getvalue(), "broken.xlsx", parts)


def locked():
    """A workbook behind a password, as Excel encrypts it (agile encryption); with other salts each time."""
    book = openpyxl.Workbook()
    book.active.append(["n"])
    book.active.append([1])
    raw = io.BytesIO()
    book.save(raw)
    with open(FOLDER / "locked.xlsx", "wb") as out:
        msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(raw.getvalue())).encrypt("secret", out)


types()
sheets()
headless()
by_hand()
locked()
