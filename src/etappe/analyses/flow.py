"""A graph of moves as a layered flow: nodes from left to right by how far along they lie, moves as bands between them.

The place of a node is the share of the way from start to end at which a walker along the moves is, on average: the solution of
a linear system (each node lies at the mean of what comes before and after it, weighted by moves). Nodes are then dealt to
columns, and ordered in each by the mean height of their neighbours (Sugiyama's barycentre).

Source: K. Sugiyama, S. Tagawa, M. Toda, IEEE Trans. Syst. Man Cybern. 11 (1981) 109-125.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from etappe.words.result import Row

MOST_NODES = 16
MOST_MOVES = 34
CHAIN = 9  # so few nodes stand one behind the other
POINTS = 17


def layout(rows: list[Row], start: str, end: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Nodes (name, x, y, journeys), points of the bands (edge, x, y, share, side), and labels of the strongest moves.

    Coordinates are from 0 to 1; `side` is won, lost or neither, by whether the interval of the difference leaves out 0.
    """
    names = _names(rows, start, end)
    moves = [row for row in rows if row["from"] in names and row["to"] in names and row["from"] != row["to"]][:MOST_MOVES]
    seen = {row[side] for row in moves for side in ("from", "to")}
    names = [name for name in names if name in seen]
    if not moves:
        return [], [], []
    place = {name: number for number, name in enumerate(names)}
    weight = np.zeros((len(names), len(names)))
    for row in moves:
        weight[place[row["from"]], place[row["to"]]] += row["journeys"]
    x = _columns(_along(weight, place.get(start), place.get(end)), place.get(start), place.get(end))
    y = _heights(weight + weight.T, x)
    size = weight.sum(axis=0) + weight.sum(axis=1)
    chain = len(names) > 4 and len(set(y.tolist())) == 1  # labels of a chain stand above and below in turn
    nodes = [{"node": name, "x": float(x[k]), "y": float(y[k]), "size": float(size[k]), "below": int(chain and round(float(x[k]) * (len(names) - 1)) % 2)} for name, k in place.items()]
    bands: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    strongest = sorted(moves, key=lambda row: -row["journeys"])[:12]
    for number, row in enumerate(moves):
        a, b = place[row["from"]], place[row["to"]]
        line = _band((x[a], y[a]), (x[b], y[b]), between=float(((x > min(x[a], x[b]) + 1e-9) & (x < max(x[a], x[b]) - 1e-9)).sum()))
        part = {"edge": number, "journeys": row["journeys"], "side": _side(row)}
        bands += [{**part, "x": float(px), "y": float(py), "step": k} for k, (px, py) in enumerate(line)]
        if row in strongest:
            px, py = line[int(POINTS * (0.42 if number % 2 else 0.58))]
            free = all(abs(px - other["x"]) > 0.05 or abs(py - other["y"]) > 0.06 for other in [*labels, *nodes])
            if free:  # a label on another one is read as neither
                labels.append({"x": float(px), "y": float(py), "label": f"{row['journeys']:,}".replace(",", "\u2009")})
    return nodes, bands, labels


def _names(rows: list[Row], start: str, end: str) -> list[str]:
    """The nodes most journeys pass, start and end always among them."""
    total: dict[str, float] = {}
    for row in rows:
        for side in ("from", "to"):
            total[row[side]] = total.get(row[side], 0.0) + row["journeys"]
    inner = sorted((name for name in total if name not in (start, end)), key=lambda name: (-total[name], name))
    return [*([start] if start in total else []), *inner[:MOST_NODES], *([end] if end in total else [])]


def _along(weight: Any, start: int | None, end: int | None) -> Any:
    """How far along each node lies, from 0 at the start to 1 at the end."""
    n = len(weight)
    ahead, behind = weight.sum(axis=1), weight.sum(axis=0)
    matrix, right = np.eye(n), np.full(n, 0.5)
    for k in range(n):
        if k == start or (k != end and not behind[k]):
            right[k] = 0.0
        elif k == end or not ahead[k]:
            right[k] = 1.0
        else:
            matrix[k] = -(weight[k] + weight[:, k]) / (ahead[k] + behind[k])
            matrix[k, k] += 1.0
            right[k] = 0.0
    # what moves out of a node pulls it back, what moves in pushes it on: the flow gives the order
    push = (behind - ahead) / np.maximum(behind + ahead, 1.0)
    return np.linalg.lstsq(matrix, right, rcond=None)[0] + 0.05 * push


def _columns(along: Any, start: int | None, end: int | None) -> Any:
    """Columns of three nodes (of one, where there are few), start and end alone in the first and last."""
    inner = [k for k in np.argsort(along, kind="stable") if k not in (start, end)]
    many = len(inner) if len(inner) <= CHAIN else max(1, -(-len(inner) // 3))
    x = np.zeros(len(along))
    for rank, k in enumerate(inner):
        x[k] = 1 + rank * many // max(len(inner), 1)
    if end is not None:
        x[end] = many + 1
    return x / max(x.max(), 1)


def _heights(weight: Any, x: Any) -> Any:
    """Heights in each column, by the mean of the neighbours' heights."""
    y = np.full(len(x), 0.5)
    columns = [np.flatnonzero(np.isclose(x, value)) for value in np.unique(x)]
    for column in columns:
        y[column] = _spread(np.arange(len(column)), len(column))
    for sweep in range(6):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            others = ~np.isin(np.arange(len(x)), column)
            pull = weight[np.ix_(column, others)]
            whole = pull.sum(axis=1)
            mean = np.where(whole > 0, pull @ y[others] / np.maximum(whole, 1e-9), y[column])
            y[column] = _spread(np.argsort(np.argsort(mean, kind="stable")), len(column))
    return y


def _spread(rank: Any, n: int) -> Any:
    return (rank + 0.5) / n


def _band(a: tuple[float, float], b: tuple[float, float], between: float = 0.0) -> Any:
    """A cubic curve from node to node; a move back swings out above, one that skips nodes on its height below."""
    t = np.linspace(0, 1, POINTS)
    (x0, y0), (x1, y1) = a, b
    if x1 > x0 + 1e-9:
        mid = (x0 + x1) / 2
        px = (1 - t) ** 3 * x0 + 3 * (1 - t) ** 2 * t * mid + 3 * (1 - t) * t**2 * mid + t**3 * x1
        py = (1 - t) ** 3 * y0 + 3 * (1 - t) ** 2 * t * y0 + 3 * (1 - t) * t**2 * y1 + t**3 * y1
        if between and abs(y1 - y0) < 1e-9:
            py = py - np.sin(np.pi * t) * min(0.06 + 0.06 * between, 0.42)
        return np.column_stack([px, py])
    bend = 0.10 + 0.12 * abs(x0 - x1)
    px, py = x0 + (x1 - x0) * t, y0 + (y1 - y0) * t + np.sin(np.pi * t) * bend
    if abs(x1 - x0) < 1e-9:
        px, py = x0 + np.sin(np.pi * t) * 0.06, y0 + (y1 - y0) * t
    return np.column_stack([px, py])


def _side(row: Row) -> str:
    gap = row["difference"]
    if gap.value is None or gap.low is None or gap.high is None or gap.low <= 0 <= gap.high:
        return "no clear difference"
    return "more often when won" if gap.value > 0 else "more often when lost"
