"""Exports, as they are, to evidence tables: one file a format under `formats/`."""
