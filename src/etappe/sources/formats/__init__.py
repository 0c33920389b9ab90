"""One file an export format; each is found by its `FORMATS` list, nothing has to be registered."""
