import { describe, expect, it, vi } from "vitest";
import { apply, type Change } from "@/parts/documents/changes";
import { LiveMap, type Wire } from "@/rooms/maps/model/live";
import type { MapDocument } from "@/rooms/maps/model/types";

const START: MapDocument = { id: "m", cards: { a: { id: "a", text: "first" } } };
const text = (value: string): Change => ({ do: "set", collection: "cards", id: "a", path: ["text"], value });

class Line implements Wire {
  sent: Record<string, unknown>[] = [];
  onopen = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  send(message: string) {
    this.sent.push(JSON.parse(message) as Record<string, unknown>);
  }
  close() {}
  tell(message: Record<string, unknown>) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  get edits() {
    return this.sent.filter((message) => message.type === "edit");
  }
}

function opened(kept: string | null = null) {
  const lines: Line[] = [];
  let store = kept;
  const reload = vi.fn(() => Promise.resolve({ document: START, revision: 9 }));
  const live = new LiveMap({ document: START, revision: 1 }, {
    connect: () => {
      const line = new Line();
      lines.push(line);
      return line;
    },
    reload,
    keep: { get: () => store, set: (value) => { store = value; } },
  });
  live.open();
  lines[0]!.tell({ type: "hello", member: "me", revision: 1, edits: [], present: [] });
  return { live, lines, reload, stored: () => store };
}

describe("a map edited together", () => {
  it("shows an edit at once and is sure of it when the server tells it", () => {
    const { live, lines } = opened();
    live.edit(text("mine"));
    expect(live.state().document.cards!.a!.text).toBe("mine");
    expect(live.state().waiting).toBe(1);
    const id = lines[0]!.edits[0]!.id as string;
    expect(id.length).toBeGreaterThanOrEqual(8);
    lines[0]!.tell({ type: "edited", id, revision: 2, author: "me", change: text("mine") });
    lines[0]!.tell({ type: "ack", id, revision: 2, applied: true });
    expect(live.state()).toMatchObject({ waiting: 0, revision: 2 });
  });

  it("sends a new card with its text as one edit, and nothing of a card that was let go", () => {
    const { live, lines } = opened();
    const begin = (id: string) => live.begin({ do: "add", collection: "cards", thing: { id, text: "", lane: "l" } });
    begin("n");
    expect(live.state().document.cards!.n).toBeDefined();
    live.drop();
    expect(live.state().document.cards!.n).toBeUndefined();
    begin("o");
    live.editSince(1, text("of another card"));
    expect(live.state().document.cards!.o).toBeDefined();
    live.editSince(1, { do: "set", collection: "cards", id: "o", path: ["text"], value: "new" });
    expect(lines[0]!.edits.map((edit) => edit.changes)).toEqual([
      [text("of another card")], [{ do: "add", collection: "cards", thing: { id: "o", text: "new", lane: "l" } }],
    ]);
    expect(live.state()).toMatchObject({ waiting: 2, document: { cards: { o: { text: "new" } } } });
  });

  it("is settled once the server has told all that was done, and at once where the line is cut", async () => {
    const { live, lines } = opened();
    const settled = vi.fn();
    live.edit(text("mine"));
    void live.settled().then(settled);
    await Promise.resolve();
    expect(settled).not.toHaveBeenCalled();
    lines[0]!.tell({ type: "edited", id: lines[0]!.edits[0]!.id, revision: 2, author: "me", change: text("mine") });
    await Promise.resolve();
    expect(settled).toHaveBeenCalledOnce();
    live.edit(text("again"));
    void live.settled().then(settled);
    lines[0]!.onclose?.({ code: 1006 });
    await Promise.resolve();
    expect(settled).toHaveBeenCalledTimes(2);
    live.close();
  });

  it("says at which revision an edit was begun, however late it is sent", () => {
    const { live, lines } = opened();
    lines[0]!.tell({ type: "edited", id: "e-other", revision: 2, author: "Bo", change: text("theirs") });
    live.editSince(1, text("mine"));
    expect(lines[0]!.edits[0]).toMatchObject({ base_revision: 1 });
    expect(live.state().document.cards!.a!.text).toBe("mine");
  });

  it("keeps one's own edit on top of others' that came before it", () => {
    const { live, lines } = opened();
    live.edit(text("mine"));
    lines[0]!.tell({ type: "edited", id: "e-other", revision: 2, author: "Bo", change: text("theirs") });
    expect(live.state().document.cards!.a!.text).toBe("mine");
    lines[0]!.tell({ type: "edited", id: lines[0]!.edits[0]!.id, revision: 3, author: "me", change: text("mine") });
    expect(live.state().document.cards!.a!.text).toBe("mine");
  });

  it("loses nothing when the line breaks: what waited is sent again under the same name", () => {
    vi.useFakeTimers();
    const { live, lines } = opened();
    lines[0]!.onclose?.({ code: 1006 });
    expect(live.state().link).toBe("away");
    live.edit(text("written away"));
    expect(lines[0]!.edits).toHaveLength(0);
    vi.advanceTimersByTime(300);
    lines[1]!.tell({ type: "hello", member: "me", revision: 2, edits: [{ id: "x", revision: 2, author: "Bo", change: { do: "add", collection: "cards", thing: { id: "b", text: "new" } } }], present: [] });
    expect(lines[1]!.edits).toHaveLength(1);
    expect(Object.keys(live.state().document.cards!)).toEqual(["a", "b"]);
    expect(live.state().document.cards!.a!.text).toBe("written away");
    vi.useRealTimers();
  });

  it("survives a reload with what was not yet acknowledged", () => {
    const first = opened();
    first.live.edit(text("half way"));
    const { live, lines } = opened(first.stored());
    expect(live.state().document.cards!.a!.text).toBe("half way");
    expect(lines[0]!.edits).toHaveLength(1);
  });

  it("takes a refused edit back and says why", () => {
    const { live, lines } = opened();
    live.edit(text("forbidden"));
    lines[0]!.tell({ type: "refused", id: lines[0]!.edits[0]!.id, error: { code: "access", what: "You may not.", do_next: "Ask." } });
    expect(live.state().document.cards!.a!.text).toBe("first");
    expect(live.state().fault).toMatchObject({ what: "You may not." });
  });

  it("shows a conflict until it is settled", () => {
    const { live, lines } = opened();
    lines[0]!.tell({ type: "conflict", id: "e1", field: ["cards", "a", "text"], yours: "mine", theirs: "other", by: "Bo", counts: "yours" });
    expect(live.state().conflicts).toHaveLength(1);
    live.dismiss(live.state().conflicts[0]);
    expect(live.state().conflicts).toHaveLength(0);
  });

  it("loads anew where it missed a revision", async () => {
    const { live, lines, reload } = opened();
    lines[0]!.tell({ type: "edited", id: "x", revision: 5, author: "Bo", change: text("later") });
    expect(reload).toHaveBeenCalled();
    await vi.waitFor(() => expect(live.state().revision).toBe(9));
  });
});

describe("changes", () => {
  it("do nothing to a thing that is gone, and leave the document before as it was", () => {
    expect(apply(START, { do: "set", collection: "cards", id: "gone", path: ["text"], value: "x" })).toBe(START);
    apply(START, text("other"));
    expect(START.cards!.a!.text).toBe("first");
  });

  it("write deep fields, move, link and take away", () => {
    let document = apply(START, { do: "translate", collection: "cards", id: "a", language: "en", field: "text", text: "hello" });
    expect(document.cards!.a!.translations).toEqual({ en: { text: "hello" } });
    document = apply(document, { do: "move", collection: "cards", id: "a", to: { stage: "s", lane: "l", order: "V" } });
    document = apply(document, { do: "link", collection: "cards", id: "a", evidence: { ref: "interview:1#p", quote: "q" } });
    expect(document.cards!.a).toMatchObject({ stage: "s", lane: "l", evidence: { "interview:1#p": { quote: "q" } } });
    document = apply(document, { do: "unlink", collection: "cards", id: "a", ref: "interview:1#p" });
    expect(document.cards!.a!.evidence).toEqual({});
    document = apply(document, { do: "feel", stage: "s", value: -1.1 });
    expect(document.feelings!["s/_/_/hand"]).toMatchObject({ value: -1.1, how: "hand" });
    document = apply(document, { do: "feel", stage: "s", value: null });
    expect(document.feelings).toEqual({});
    expect(apply(document, { do: "remove", collection: "cards", id: "a" }).cards).toEqual({});
  });

  it.each([[4401, "signed_out"], [4403, "not_allowed"], [4404, "gone"]] as const)("does not come back where the server says %i, and keeps what waits", (code, link) => {
    vi.useFakeTimers();
    const { live, lines, stored } = opened();
    live.edit(text("mine"));
    lines[0]!.onclose?.({ code });
    vi.advanceTimersByTime(60_000);
    expect(live.state()).toMatchObject({ link, waiting: 1 });
    expect(lines).toHaveLength(1);
    expect(stored()).toContain("mine");
    vi.useRealTimers();
  });

  it("gives up a line that was cut in silence, and sends again by a new one", () => {
    vi.useFakeTimers();
    const { live, lines } = opened();
    vi.advanceTimersByTime(16_000);
    expect(lines[0]!.sent.at(-1)).toEqual({ type: "ping" });
    lines[0]!.tell({ type: "pong" });
    vi.advanceTimersByTime(11_000);
    expect(live.state().link).toBe("live");
    live.point("a");
    live.edit(text("into the void"));
    vi.advanceTimersByTime(60_000);
    expect(lines.length).toBeGreaterThan(1);
    const last = lines.at(-1)!;
    last.tell({ type: "hello", member: "me", revision: 1, edits: [], present: [] });
    expect(last.edits).toHaveLength(1);
    expect(last.sent.at(-1)).toEqual({ type: "presence", card: "a" });
    vi.useRealTimers();
  });

  it("tells again what somebody wrote where it is refused", () => {
    const { live, lines } = opened();
    live.edit(text("hard won words"));
    lines[0]!.tell({ type: "refused", id: lines[0]!.edits[0]!.id, error: { code: "access", what: "no" } });
    expect(live.state()).toMatchObject({ waiting: 0, fault: { what: "no", yours: "hard won words" } });
  });
});
