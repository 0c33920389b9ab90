"""A map as an Excel workbook: written, edited by hand, read again."""
