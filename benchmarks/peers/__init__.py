"""Other open-source tools on the same events: each step is a process of its own, in a Python of their own.

Files named after a tool run under that Python and import nothing of etappe. Their licences (AGPL, GPL) and telemetry are
why they are measured here and used nowhere.
"""
