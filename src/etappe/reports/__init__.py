"""Draws answers and journeys: pages, charts, documents."""
