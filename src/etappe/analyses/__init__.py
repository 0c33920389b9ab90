"""Questions: one file each, a pure function from tables to a Result."""
