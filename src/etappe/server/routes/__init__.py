"""The routes: one file a subject, found by its `router`."""
