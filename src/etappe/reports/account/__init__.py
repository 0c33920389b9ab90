"""One account's story, from the dictionary of `account X --json` to lanes, bands and tables."""
