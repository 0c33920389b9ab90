/** A drawing's plots made narrower, until the drawing fits its place. */

type Spec = Record<string, unknown>;

interface Drawn {
  wide: number;
  end: () => void;
}

/** Under this many pixels of room the words of a drawing are set in lines. */
export const NARROW = 560;
const LEAST = { plot: 180, step: 38 };
const TURNS = 2;
const LETTER = 7.2;

/** Draws, and where that is wider than `room`, draws again with plots as much narrower as it takes. */
export async function fitted(spec: Spec, room: number, draw: (spec: Spec) => Promise<Drawn>): Promise<Drawn> {
  let given = spec;
  let drawn = await draw(given);
  for (let turn = 0; turn < TURNS && drawn.wide > room; turn += 1) {
    const next = narrower(given, drawn.wide - room, room / drawn.wide);
    if (JSON.stringify(next) === JSON.stringify(given)) break;
    drawn.end();
    given = next;
    drawn = await draw(given);
  }
  return drawn;
}

/** The specification with its plots narrower by `over` pixels in all, and steps by `part`; of plots side by side each gives its share. */
export function narrower(spec: Spec, over: number, part: number): Spec {
  const beside = Array.isArray(spec.hconcat) ? (spec.hconcat as Spec[]) : null;
  if (beside) return { ...spec, hconcat: beside.map((one) => narrower(one, over / beside.length, part)) };
  const beneath = Array.isArray(spec.vconcat) ? (spec.vconcat as Spec[]) : null;
  if (beneath) return { ...spec, vconcat: beneath.map((one) => narrower(one, over, part)) };
  if (isSpec(spec.spec)) return { ...spec, spec: narrower(spec.spec, over / columns(spec), part) };
  const across = isSpec(spec.encoding) && isSpec(spec.encoding.column) ? 2 : 1;
  if (typeof spec.width === "number") return { ...spec, width: Math.max(Math.min(LEAST.plot, spec.width), Math.floor(spec.width - over / across)) };
  if (isSpec(spec.width) && typeof spec.width.step === "number") return { ...spec, width: { step: Math.max(Math.min(LEAST.step, spec.width.step), Math.floor(spec.width.step * part * part)) } };
  return spec;
}

const isSpec = (value: unknown): value is Spec => typeof value === "object" && value !== null && !Array.isArray(value);

function columns(spec: Spec): number {
  if (typeof spec.columns === "number") return Math.max(spec.columns, 1);
  return isSpec(spec.facet) && isSpec(spec.facet.row) ? 1 : 2;
}

/** The specification for a narrow place: long titles in lines, labels of several words in two lines, names beside points left to the table. */
export function stacked(spec: Spec, room: number, above: Spec[] = []): Spec {
  const values = isSpec(spec.data) && Array.isArray(spec.data.values) && spec.data.values.length ? (spec.data.values as Spec[]) : above;
  const made = Object.fromEntries(
    Object.entries(spec).map(([name, value]) => {
      if (name === "title") return [name, inLines(value, room)];
      if (name === "data" || name === "datasets" || name === "usermeta") return [name, value];
      if (name === "encoding" && isSpec(value) && isPaired(value.y, values)) return [name, { ...value, y: { ...value.y, axis: { ...(isSpec(value.y.axis) ? value.y.axis : {}), labelExpr: IN_TWO, labelOffset: -LINE / 2, labelLineHeight: LINE } } }];
      return [name, Array.isArray(value) ? value.map((one) => (isSpec(one) ? stacked(one, room, values) : one)) : isSpec(value) ? stacked(value, room, values) : value];
    }),
  );
  if (Array.isArray(made.layer)) made.layer = (made.layer as Spec[]).filter((one) => !isPointLabel(one));
  const parts = [spec, ...(Array.isArray(spec.layer) ? (spec.layer as Spec[]) : [])];
  const paired = parts.some((part) => isSpec(part.encoding) && isPaired(part.encoding.y, values));
  return paired && ("layer" in spec || above === values) && typeof spec.height !== "number" ? { ...made, height: { step: 2.5 * LINE } } : made;
}

/** A name beside a point between two measures: where there is little room they lie upon each other, and the table beneath has them all. */
function isPointLabel(layer: Spec): boolean {
  const mark = isSpec(layer.mark) ? layer.mark.type : layer.mark;
  const { encoding } = layer;
  return mark === "text" && isSpec(encoding) && [encoding.x, encoding.y].every((one) => isSpec(one) && one.type === "quantitative" && "field" in one);
}

const LINE = 13;
const IN_TWO = "indexof(datum.label, ' · ') > 0 ? [slice(datum.label, 0, indexof(datum.label, ' · ')), slice(datum.label, indexof(datum.label, ' · ') + 3)] : datum.label";

/** Whether all labels of an axis are of several words, with a dot between. */
function isPaired(y: unknown, values: Spec[]): y is Spec {
  if (!isSpec(y) || typeof y.field !== "string" || y.axis === null || (isSpec(y.axis) && "labelExpr" in y.axis)) return false;
  const field = y.field;
  return values.length > 0 && values.every((row) => typeof row[field] === "string" && row[field].includes(" · "));
}

function inLines(title: unknown, room: number): unknown {
  if (isSpec(title)) return { ...title, text: inLines(title.text, room) };
  if (typeof title !== "string") return title;
  const lines: string[] = [];
  for (const word of title.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && (last.length + word.length + 1) * LETTER < room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.length > 1 ? lines : title;
}
