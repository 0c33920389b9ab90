"""Maps, personas, segments: documents with claims, edited together, kept with their history. They never see a table."""
