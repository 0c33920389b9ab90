"""The numbers' kitchen: arrays in, arrays out, numpy and scipy alone.

Nothing here knows a table, a stage or a deal.

Each file is one idea with its formula, its meaning and its source. Many groups are always computed at once: a
loop over groups in a caller is a sign that it should hand over group codes instead.
"""
