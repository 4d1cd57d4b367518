"""Files become rows, in the encodings and sheets they come in."""

import datetime as dt

import pytest
import xlsxwriter

from importer.errors import InputError
from importer.mapping import FileSettings
from importer.tables import open_table

NINE = dt.datetime(2025, 3, 4, 9)  # noqa: DTZ001 - spreadsheets know no zone


def test_a_spreadsheet_keeps_its_times(tmp_path):
    path = tmp_path / "orders.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("cover")
        sheet = book.add_worksheet("orders")
        sheet.write_row(1, 0, ["RO", "Opened"])
        sheet.write(2, 0, 612340)
        sheet.write_datetime(2, 1, NINE, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
    lines = list(open_table(path, FileSettings(sheet="orders", header_row=2)).lines)
    assert [(line.number, line.cells) for line in lines] == [(3, {"RO": 612340.0, "Opened": NINE})]


def test_a_chinese_export_is_read_in_its_own_encoding(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_bytes("工单号;开单时间\nR1;2025-03-04\n".encode("gb18030"))
    table = open_table(path, FileSettings(encoding="gb18030", delimiter=";"))
    assert (table.columns, next(table.lines).cells["工单号"]) == (("工单号", "开单时间"), "R1")


def test_another_encoding_is_told_with_the_setting(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_bytes("工单号\nR1\n".encode("gb18030"))
    with pytest.raises(InputError, match='is not utf-8-sig; try encoding = "gb18030"'):
        open_table(path, FileSettings())


def test_names_may_differ_in_case(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text("ronumber,vin\nR1,V\n")
    assert open_table(path, FileSettings(ignore_case=True), ["RONumber"]).columns == ("RONumber", "vin")


def test_blank_rows_are_passed_over_but_counted(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text("RO,Line\nR1,1\n,\nR2,1\n")
    assert [line.number for line in open_table(path, FileSettings()).lines] == [2, 4]


def test_a_row_longer_than_the_header_is_told(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text("RO,Line\nR1,1,extra\n")
    assert str(next(open_table(path, FileSettings()).lines).fault) == "has 3 cells, but there are 2 columns"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("orders.csv", b"", "row 1 should name the columns, but is empty"),
        ("orders.xlsx", b"no zip", "cannot be read as .xlsx"),
        ("orders.pdf", b"", r"only \.csv and \.xlsx files can be imported"),
    ],
)
def test_what_is_no_table_is_told(tmp_path, name, content, sentence):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=sentence):
        open_table(path, FileSettings())


def test_a_missing_sheet_is_told_with_those_there_are(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "orders.xlsx") as book:
        book.add_worksheet("March")
    with pytest.raises(InputError, match="has no sheet 'April'; its sheets are March"):
        open_table(tmp_path / "orders.xlsx", FileSettings(sheet="April"))
