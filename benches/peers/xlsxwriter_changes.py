#!/usr/bin/env python3
"""Writes the cells of changes.csv into a workbook, with XlsxWriter in constant memory.

    python3 xlsxwriter_changes.py CHANGES.csv [OUT.xlsx]

Every cell is a string, as in the program's sheet of changes; a new sheet begins where Excel's rows end. Without a
workbook the table is only read, so that the time of that can be taken off.
"""

import csv
import sys

LAST_ROW = 1_048_575
LONGEST = 32_767


def main():
    table = csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline=""))
    csv.field_size_limit(sys.maxsize)
    if len(sys.argv) < 3:
        sum(1 for _ in table)
        return
    import xlsxwriter

    workbook = xlsxwriter.Workbook(sys.argv[2], {"constant_memory": True, "strings_to_formulas": False})
    head, sheet, row = next(table), None, LAST_ROW
    for cells in table:
        if row == LAST_ROW:
            sheet, row = workbook.add_worksheet(), 0
            for column, cell in enumerate(head):
                sheet.write_string(0, column, cell)
        row += 1
        for column, cell in enumerate(cells):
            if cell:
                sheet.write_string(row, column, cell[:LONGEST])
    workbook.close()


main()
