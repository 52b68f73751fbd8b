#!/usr/bin/env python3
"""Writes the cells of every sheet of a report.xlsx into a workbook, with XlsxWriter in constant memory.

    python3 xlsxwriter_cells.py REPORT.xlsx [OUT.xlsx]

Texts are written as strings, counts and dates as numbers, in the same places on sheets of the same names; formats, tables,
links and blank cells are not. Without a workbook to write the cells are only read, so that the time of that can be taken
off. They are read as they are inflated: what is in memory does not grow with the sheet.
"""

import re
import sys
import zipfile
from xml.etree import ElementTree
from xml.parsers import expat

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
CHUNK = 1 << 18
OF_A_CELL = {"is", "t", "v"}
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class Nowhere:
    """A sheet that takes cells and writes none."""

    def write_string(self, row, column, text):
        pass

    def write_number(self, row, column, number):
        pass


def unescaped(text):
    """The text that a cell shows: a character that XML has no room for stands as `_x0001_`."""
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def sheets(book):
    """The name of each sheet and the part it is in, in order."""
    targets = {one.get("Id"): one.get("Target") for one in ElementTree.parse(book.open("xl/_rels/workbook.xml.rels")).getroot()}
    for sheet in ElementTree.parse(book.open("xl/workbook.xml")).iter(f"{MAIN}sheet"):
        yield sheet.get("name"), f"xl/{targets[sheet.get(ID)]}"


def shared_strings(book):
    """The texts of the sheets that were kept in memory, which are few."""
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    root = ElementTree.parse(book.open("xl/sharedStrings.xml")).getroot()
    return [unescaped("".join(text.text or "" for text in one.iter(f"{MAIN}t"))) for one in root]


def column_of(letters):
    """AA is column 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def copy(part, shared, sheet):
    """Writes the cells of a sheet, in the order in which they stand, to another.

    Callbacks are most of what a cell costs: there is none for the end of an element, and one for a text. It comes whole:
    the parser keeps it until the next tag, or the end of what it is given, which is cut in front of one.
    """
    columns = {}
    row = column = digits = kind = None
    write_string, write_number = sheet.write_string, sheet.write_number

    def start(name, attributes):
        nonlocal row, column, digits, kind
        if name == "c":
            letters = attributes["r"][:digits]
            column = columns.get(letters)
            if column is None:
                column = columns[letters] = column_of(letters)
            kind = attributes.get("t")
        elif name == "row":
            row, digits = int(attributes["r"]) - 1, -len(attributes["r"])
        elif name not in OF_A_CELL:
            # Behind the last row: rules and lists have texts too.
            row = None

    def data(text):
        if row is None:
            return
        if kind == "inlineStr":
            write_string(row, column, unescaped(text))
        elif kind is None:
            write_number(row, column, float(text))
        elif kind == "s":
            write_string(row, column, shared[int(text)])
        else:
            sys.exit(f"xlsxwriter_cells: a cell of type {kind}")

    parser = expat.ParserCreate()
    # A cell has 32,767 characters at most, of at most four bytes.
    parser.buffer_text, parser.buffer_size = True, CHUNK
    parser.StartElementHandler, parser.CharacterDataHandler = start, data
    rest = b""
    while chunk := part.read(CHUNK):
        chunk = rest + chunk
        end = chunk.rfind(b"<")
        parser.Parse(chunk[:end])
        rest = chunk[end:]
    parser.Parse(rest, True)


def main():
    book = zipfile.ZipFile(sys.argv[1])
    shared = shared_strings(book)
    if len(sys.argv) < 3:
        for _, part in sheets(book):
            copy(book.open(part), shared, Nowhere())
        return
    import xlsxwriter

    workbook = xlsxwriter.Workbook(sys.argv[2], {"constant_memory": True})
    workbook.use_zip64()
    for name, part in sheets(book):
        copy(book.open(part), shared, workbook.add_worksheet(name))
    workbook.close()


main()
