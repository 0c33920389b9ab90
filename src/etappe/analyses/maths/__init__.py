"""Arrays in, arrays out: the estimators, without tables."""
