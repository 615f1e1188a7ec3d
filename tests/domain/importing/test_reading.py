import pytest

from pipeline.domain.importing import reading
from pipeline.domain.rules import RuleBroken

TABLE = "Title;Firm\nÜber uns;Café “Zürich”\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_every_usual_encoding_is_read_without_being_told(encoding: str) -> None:
    sheet = reading.read(TABLE.encode(encoding))

    assert sheet.headers == ["Title", "Firm"]
    assert sheet.rows[0].cells == ["Über uns", "Café “Zürich”"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_seen_from_the_header(delimiter: str) -> None:
    text = delimiter.join(["a", '"b, c; d"', "e"]) + "\n" + delimiter.join(["1", "2", "3"]) + "\n"

    sheet = reading.read(text.encode())

    assert sheet.headers == ["a", "b, c; d", "e"]
    assert sheet.rows[0].cells == ["1", "2", "3"]


def test_a_line_that_names_the_delimiter_is_no_header() -> None:
    assert reading.read(b"sep=;\r\na;b\r\n1,5;2\r\n").rows[0].cells == ["1,5", "2"]


def test_quoted_newlines_stay_in_their_cell_and_lines_are_still_counted() -> None:
    sheet = reading.read(b'a,b\r\n"one\r\ntwo",2\r\n3,4\r\n')

    assert [(row.line, row.cells) for row in sheet.rows] == [(2, ["one\r\ntwo", "2"]), (4, ["3", "4"])]


def test_headers_are_trimmed_and_equal_ones_told_apart() -> None:
    assert reading.read(b" Name , Name ,, Value \n1,2,3,4\n").headers == ["Name", "Name (2)", "Column 3", "Value"]


def test_blank_lines_are_no_rows() -> None:
    assert [row.cells for row in reading.read(b"a,b\n\n , \n1,2\n,\n").rows] == [["1", "2"]]


def test_cells_that_look_like_formulas_stay_text_and_defusing_them_is_undone() -> None:
    for cell in ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx"):
        assert reading.defused(cell) == f"'{cell}"
        assert reading.read(f'a,b\n"{reading.defused(cell)}",2\n'.encode()).rows[0].cells[0] == cell


def test_a_file_of_5001_rows_has_5001() -> None:
    assert len(reading.read(b"a,b\n" + b"1,2\n" * 5001).rows) == 5001


@pytest.mark.parametrize(("content", "said"), [(b"", "empty"), (b"\n\n", "empty"), (b"\xff\xfe\x00", "no text")])
def test_what_is_no_table_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(RuleBroken, match=said):
        reading.read(content)
