"""Journey maps as documents: drawn on paper, slides, a page, in text."""
