"""The engine room: engines behind Ibis, the evidence lake, kept tables, schema checks."""
