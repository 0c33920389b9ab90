import type { Row } from "@/wire/result";
import { isFigure } from "@/words/figures";

/** Where the places and moves of the flow graph are drawn. */
export interface Node {
  id: string;
  x: number;
  y: number;
  weight: number;
}

export interface Edge {
  from: Node;
  to: Node;
  row: Row;
  moves: number;
  back: boolean;
  share: number;
}

export interface Graph {
  nodes: Node[];
  edges: Edge[];
  width: number;
  height: number;
}

export const NODE = { width: 138, height: 34 };
const GAP = { x: 206, y: 78 };

/** The commonest moves of `limit`, laid out in layers: what mostly comes before stands left. */
export function graphOf(rows: Row[], limit: number): Graph {
  const moves = rows
    .filter((row) => row.from !== row.to && typeof row.moves === "number")
    .sort((one, other) => Number(other.moves) - Number(one.moves))
    .slice(0, limit);
  const names = [...new Set(moves.flatMap((row) => [String(row.from), String(row.to)]))];
  const weight = new Map(names.map((name) => [name, 0]));
  const net = new Map(names.map((name) => [name, 0]));
  for (const row of moves) {
    const [from, to, n] = [String(row.from), String(row.to), Number(row.moves)];
    weight.set(from, weight.get(from)! + n);
    weight.set(to, weight.get(to)! + n);
    net.set(from, net.get(from)! + n);
    net.set(to, net.get(to)! - n);
  }
  // Sources first, sinks last; between them by how much more goes out than comes in.
  const ordered = [...names].sort((one, other) => place(other) - place(one));
  function place(name: string): number {
    if (name === "start" || name === "(start)") return 2;
    if (["won", "lost", "dormant", "open", "end"].includes(name.replace(/[()]/g, ""))) return -2;
    return net.get(name)! / Math.max(weight.get(name)!, 1);
  }
  const rank = new Map(ordered.map((name, at) => [name, at]));
  const layer = new Map<string, number>();
  for (const name of ordered) {
    const before = moves.filter((row) => row.to === name && rank.get(String(row.from))! < rank.get(name)!).map((row) => layer.get(String(row.from)) ?? 0);
    layer.set(name, before.length ? Math.min(Math.max(...before) + 1, 7) : 0);
  }
  const filled = new Map<number, number>();
  const nodes = new Map<string, Node>();
  for (const name of ordered) {
    let at = layer.get(name)!;
    while ((filled.get(at) ?? 0) >= 6) at += 1;
    const row = filled.get(at) ?? 0;
    filled.set(at, row + 1);
    nodes.set(name, { id: name, x: at * GAP.x + NODE.width / 2 + 8, y: row * GAP.y + 50 + (at % 2) * 18, weight: weight.get(name)! });
  }
  const most = Math.max(1, ...moves.map((row) => Number(row.moves)));
  const edges = moves.map((row) => {
    const [from, to] = [nodes.get(String(row.from))!, nodes.get(String(row.to))!];
    return { from, to, row, moves: Number(row.moves), back: to.x <= from.x, share: Number(row.moves) / most };
  });
  const all = [...nodes.values()];
  return { nodes: all, edges, width: Math.max(...all.map((node) => node.x)) + NODE.width / 2 + 8, height: Math.max(...all.map((node) => node.y)) + 60 };
}

/** The path of a move: forward a soft curve, backward an arc beneath. */
export function pathOf({ from, to, back }: Edge): string {
  const half = NODE.width / 2;
  if (!back) {
    const [x1, x2] = [from.x + half, to.x - half - 5];
    const bend = Math.max((x2 - x1) / 2, 24);
    return `M${x1},${from.y} C${x1 + bend},${from.y} ${x2 - bend},${to.y} ${x2},${to.y}`;
  }
  const low = Math.max(from.y, to.y) + 44;
  return `M${from.x},${from.y + NODE.height / 2} C${from.x},${low} ${to.x},${low} ${to.x},${to.y + NODE.height / 2 + 5}`;
}

export const daysOf = (row: Row) => (isFigure(row.median_days) ? row.median_days.value : null);
