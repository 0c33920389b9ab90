"""Shapes, text and their two ways out: SVG and typst."""
