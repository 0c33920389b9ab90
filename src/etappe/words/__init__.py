"""The nouns of the house: standard library only, known to every room."""
