"""Files as they come: any delimiter, any encoding, spreadsheets, and files that are none of it."""

import struct
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from leads.imports import reading, spreadsheet
from leads.imports.reading import Unreadable

NAMES = [["Zoë", "Utrecht"], ["André", "Málaga"]]


def read(path):
    layout = reading.examine(path)
    text = path.with_name("sheet.csv") if layout["spreadsheet"] else path
    found = [row for batch in reading.rows(text, layout, size=2) for row in batch]
    return layout, found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_encoding_with_any_delimiter(file, encoding, delimiter):
    lines = [delimiter.join(cells) for cells in [["Naam", "Plaats"], *NAMES]]

    layout, rows = read(file("\r\n".join(lines).encode(encoding)))

    assert layout["headers"] == ["Naam", "Plaats"]
    assert [cells for _number, cells in rows] == NAMES


def test_a_delimiter_inside_quotation_marks_does_not_count(file):
    layout, rows = read(file('Name;Note\n"Noor; de Wit";"says, ""hello""\non two lines"\n'))

    assert layout["delimiter"] == ";"
    assert rows == [(2, ["Noor; de Wit", 'says, "hello"\non two lines'])]


def test_the_hint_that_excel_writes_is_understood(file):
    layout, rows = read(file("sep=|\na,b|c,d\n1,2|3,4\n"))
    assert (layout["headers"], rows) == (["a,b", "c,d"], [(3, ["1,2", "3,4"])])


def test_rows_are_numbered_as_a_spreadsheet_shows_them(file):
    _layout, rows = read(file("\n\nName,City\n\nNoor,Utrecht\n,\nJan,Breda\n"))
    assert rows == [(5, ["Noor", "Utrecht"]), (7, ["Jan", "Breda"])]


def test_a_column_without_a_header_gets_a_name(file):
    layout, _rows = read(file("Name,,City\nNoor,x,Utrecht\n"))
    assert layout["headers"] == ["Name", "Column 2", "City"]


def test_nul_bytes_are_taken_out(file):
    _layout, rows = read(file(b"Name,City\nNo\x00or,Utr\x00echt\n"))
    assert rows == [(2, ["Noor", "Utrecht"])]


def test_one_broken_letter_does_not_make_all_others_wrong(file):
    content = b"Naam\n" + "Zoë\n".encode() * 30 + b"Ren\xe9\n"

    layout, rows = read(file(content))

    assert layout["notes"]
    assert rows[0][1] == ["Zoë"]
    assert rows[-1][1] == ["Ren\ufffd"]


def test_a_quotation_mark_that_is_never_closed_spoils_one_row(file):
    _layout, rows = read(file('Name,City\nNoor,Utrecht\nJan,"Breda\nEva,Delft\nPiet,Gouda\n'))

    assert rows[0] == (2, ["Noor", "Utrecht"])
    assert rows[1][1][-1] == reading.UNCLOSED
    assert len(rows) == 2


def test_a_closed_quotation_mark_at_the_end_is_fine(file):
    _layout, rows = read(file('Name,City\nNoor,"Utrecht\nOost"'))
    assert rows == [(2, ["Noor", "Utrecht\nOost"])]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n\n",
        b"Name,City\n",
        b"Name,Name\na,b\n",
        b"%PDF-1.4",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\x7fELF" + bytes(range(1, 30)) * 20,
        b"\xff\xfe\x00\xd8\x00\x00a\x00",
        b"PK\x03\x04broken",
        ("x" * 300).encode() + b"\n1\n",
        (",".join(f"c{n}" for n in range(300)) + "\n1\n").encode(),
    ],
)
def test_what_is_no_table_is_refused_in_words(file, content):
    with pytest.raises(Unreadable) as refused:
        reading.examine(file(content))
    assert len(str(refused.value)) > 10


def test_too_many_rows_are_refused(file, monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 2)
    with pytest.raises(Unreadable, match="more than 2 rows"):
        reading.examine(file("a\n1\n2\n3\n"))


# Spreadsheets


def workbook(path, fill):
    with xlsxwriter.Workbook(path) as book:
        fill(book)
    return path


def test_a_spreadsheet_keeps_days_numbers_and_truths(tmp_path):
    def fill(book):
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        moment = book.add_format({"num_format": "dd-mm-yyyy hh:mm"})
        sheet = book.add_worksheet("Leads")
        sheet.write_row(0, 0, ["Name", "Day", "Moment", "Number", "Fraction", "True", "Formula"])
        sheet.write_string(1, 0, "Zoë")
        sheet.write_datetime(1, 1, date(2026, 4, 3), day)
        sheet.write_datetime(1, 2, datetime(2026, 4, 3, 14, 5), moment)  # noqa: DTZ001 (Excel knows no zones)
        sheet.write_number(1, 3, 1234)
        sheet.write_number(1, 4, 0.5)
        sheet.write_boolean(1, 5, True)
        sheet.write_formula(1, 6, '="not run"', value="kept")

    layout, rows = read(workbook(tmp_path / "leads.xlsx", fill))

    assert layout["spreadsheet"]
    cells = rows[0][1]
    assert cells[0] == "Zoë"
    assert cells[1].startswith("2026-04-03")
    assert cells[2] == "2026-04-03 14:05:00"
    assert cells[3:6] == ["1234", "0.5", "true"]


def test_the_first_filled_sheet_is_read_and_the_others_are_mentioned(tmp_path):
    def fill(book):
        book.add_worksheet("Empty")
        book.add_worksheet("Leads").write_column(0, 0, ["Name", "Noor"])
        book.add_worksheet("More").write_column(0, 0, ["Name", "Jan"])

    layout, rows = read(workbook(tmp_path / "leads.xlsx", fill))

    assert rows == [(2, ["Noor"])]
    assert "1 more" in layout["notes"][0]


def test_a_spreadsheet_is_known_by_its_content_not_its_name(tmp_path):
    path = workbook(
        tmp_path / "leads.csv", lambda book: book.add_worksheet().write_column(0, 0, ["Name", "Noor"])
    )
    assert read(path)[1] == [(2, ["Noor"])]


def bomb(path, *, unpacked_megabytes):
    """A spreadsheet of a few hundred kilobytes whose one sheet is endless white space."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_column(0, 0, ["Name", "Noor"])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("xl/media/filler.bin", b" " * (unpacked_megabytes << 20))
    return path


def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path, monkeypatch):
    path = bomb(tmp_path / "bomb.xlsx", unpacked_megabytes=60)
    assert path.stat().st_size < 300_000
    monkeypatch.setattr(reading.subprocess, "run", lambda *_args, **_kwargs: pytest.fail("it was opened"))

    with pytest.raises(Unreadable, match="unpacks to more"):
        reading.examine(path)


def test_a_zip_bomb_that_lies_about_its_size_dies_in_its_own_process(tmp_path, monkeypatch):
    """The sizes in its directory say 1 kB; only the limits of the child process stop it."""
    path = tmp_path / "liar.xlsx"
    sheet = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    row = b"<row>" + b'<c t="inlineStr"><is><t>' + b"x" * 4000 + b"</t></is></c>" * 1 + b"</row>"
    with xlsxwriter.Workbook(tmp_path / "seed.xlsx") as book:
        book.add_worksheet().write_column(0, 0, ["Name", "Noor"])
    with (
        zipfile.ZipFile(tmp_path / "seed.xlsx") as seed,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in seed.namelist():
            content = seed.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = sheet + row * 120_000 + b"</sheetData></worksheet>"
            archive.writestr(name, content)
    small = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        real = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    assert real > 400 << 20
    path.write_bytes(small.replace(struct.pack("<L", real), struct.pack("<L", 1000)))

    with pytest.raises(Unreadable):
        reading.examine(path)


def test_a_zip_of_something_else_is_said_to_be_one(tmp_path):
    path = tmp_path / "leads.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("leads.csv", "a,b")
    with pytest.raises(Unreadable, match="zip archive"):
        reading.examine(path)


def test_too_many_members_are_refused(tmp_path):
    path = workbook(
        tmp_path / "many.xlsx", lambda book: book.add_worksheet().write_column(0, 0, ["Name", "Noor"])
    )
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(spreadsheet.MAX_MEMBERS):
            archive.writestr(f"xl/media/{number}", "x")
    with pytest.raises(Unreadable, match="unpacks to more"):
        reading.examine(path)
