import { apply, newId, type Change } from "@/parts/documents/changes";
import type { Clash } from "@/parts/documents/clash";
import type { Collection, MapDocument, Thing } from "./types";

/** A map that several people edit: what is certain, what is on its way, who is here, what clashed. */

export interface Member {
  member: string;
  who: string;
  initials: string;
  card: string;
}

interface Pending {
  id: string;
  base: number;
  changes: Change[];
}

type Begun = Extract<Change, { do: "add" }>;

interface Told {
  id: string;
  revision: number;
  author?: string;
  change?: Change;
  changes?: Change[];
}

/** Over, where the server says that coming back is of no use: the session or link has ended, or the map is gone. */
export type Link = "connecting" | "live" | "away" | Over;
type Over = "signed_out" | "not_allowed" | "gone";
const OVER: Record<number, Over> = { 4401: "signed_out", 4403: "not_allowed", 4404: "gone" };

export interface LiveState {
  document: MapDocument;
  revision: number;
  waiting: number;
  link: Link;
  members: Member[];
  conflicts: Clash[];
  fault: unknown;
  last: { author: string; at: number } | null;
}

/** The part of a WebSocket that is used; tests give their own. */
export interface Wire {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: string }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
}

export interface Doors {
  connect: (since: number) => Wire;
  reload: () => Promise<{ document: MapDocument; revision: number }>;
  keep?: { get: () => string | null; set: (text: string | null) => void };
}

const PATIENCE = [250, 500, 1000, 2000, 4000, 8000];
/** A line that was cut in silence (a sleeping laptop, a network that was changed) looks open: it is asked now and then, and given up where it does not answer. */
const ASK_EVERY = 15_000;
const ANSWER_WITHIN = 10_000;

export class LiveMap {
  private sure: MapDocument;
  private revision: number;
  private pending: Pending[] = [];
  /** What was begun and is not sent before something is written in it: one edit for all of it, which one undo takes back. */
  private begun: Begun | null = null;
  private members = new Map<string, Member>();
  private conflicts: Clash[] = [];
  private link: Link = "connecting";
  private fault: unknown = null;
  private last: LiveState["last"] = null;
  private wire: Wire | null = null;
  private tries = 0;
  private ended = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private heart: ReturnType<typeof setTimeout> | undefined;
  private card = "";
  private listeners = new Set<() => void>();
  private shown: LiveState;
  private me = "";

  constructor(
    start: { document: MapDocument; revision: number },
    private readonly doors: Doors,
  ) {
    this.sure = start.document;
    this.revision = start.revision;
    this.pending = read(doors.keep?.get() ?? null);
    this.shown = this.made();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly state = (): LiveState => this.shown;

  open(): void {
    this.ended = false;
    this.connect();
  }

  close(): void {
    this.ended = true;
    clearTimeout(this.timer);
    clearTimeout(this.heart);
    this.wire?.close();
    this.wire = null;
  }

  /** Looks at once whether the line still stands, such as when the page is seen again. */
  look(): void {
    if (this.link === "away") {
      clearTimeout(this.timer);
      this.connect();
    } else if (this.link === "live") this.ask();
  }

  /** Does changes at once and sends them; they stay on their way until the server has acknowledged them. */
  edit(...changes: Change[]): void {
    this.editSince(this.revision, ...changes);
  }

  /** Shows a new thing to its author alone; the first change of it sends it, as one edit. */
  begin(change: Begun): void {
    this.begun = change;
    this.tell();
  }

  /** Lets go of what was begun and not written in. */
  drop(): void {
    if (!this.begun) return;
    this.begun = null;
    this.tell();
  }

  /** The same, of what was begun at an earlier revision: whoever wrote there since is told, and so is this side. */
  editSince(base: number, ...changes: Change[]): void {
    if (!changes.length) return;
    const edit = { id: newId("e"), base, changes: this.withBegun(changes) };
    this.pending.push(edit);
    this.keep();
    this.send(edit);
    this.tell();
  }

  /** Changes of what was begun become part of its beginning. */
  private withBegun(changes: Change[]): Change[] {
    const begun = this.begun;
    const own = (change: Change) => begun !== null && "collection" in change && "id" in change && change.collection === begun.collection && change.id === begun.thing.id;
    if (!begun || !changes.some(own)) return changes;
    this.begun = null;
    const { collection, thing } = begun;
    const filled = changes.filter(own).reduce(apply, { id: "", [collection]: { [thing.id]: thing } } as MapDocument);
    const found = (filled[collection as Collection] as Record<string, Thing> | undefined)?.[thing.id];
    return [...(found ? [{ ...begun, thing: found }] : []), ...changes.filter((change) => !own(change))];
  }

  /** Says which card one is at. */
  point(card: string): void {
    this.card = card;
    this.say({ type: "presence", card });
  }

  dismiss(conflict?: Clash): void {
    this.conflicts = conflict ? this.conflicts.filter((one) => one !== conflict) : [];
    this.fault = conflict ? this.fault : null;
    this.tell();
  }

  /** Waits until the server has all that was done here, so that an undo takes back the last of it; at once where the line is cut. */
  settled(): Promise<void> {
    return new Promise((done) => {
      const look = () => {
        if (this.pending.length && this.link === "live") return;
        this.listeners.delete(look);
        done();
      };
      this.listeners.add(look);
      look();
    });
  }

  /** Takes the map as it is on the server now, such as after an undo where no live line is open. */
  async refresh(): Promise<void> {
    const fresh = await this.doors.reload();
    if (fresh.revision < this.revision) return;
    this.sure = fresh.document;
    this.revision = fresh.revision;
    this.tell();
  }

  // -- the line ---------------------------------------------------------------------------------------------------------

  private connect(): void {
    if (this.ended) return;
    const wire = this.doors.connect(this.revision);
    this.wire = wire;
    wire.onmessage = (event) => {
      if (this.wire !== wire) return;
      this.listen();
      this.hear(JSON.parse(event.data) as Record<string, unknown>);
    };
    wire.onclose = (event) => this.cut(wire, event.code);
  }

  private cut(wire: Wire, code: number): void {
    if (this.wire !== wire) return;
    this.wire = null;
    this.members.clear();
    clearTimeout(this.heart);
    if (this.ended) return;
    this.link = OVER[code] ?? "away";
    this.tell();
    if (OVER[code]) return;
    this.timer = setTimeout(() => this.connect(), PATIENCE[Math.min(this.tries, PATIENCE.length - 1)]);
    this.tries += 1;
  }

  private listen(): void {
    clearTimeout(this.heart);
    this.heart = setTimeout(() => this.ask(), ASK_EVERY);
  }

  private ask(): void {
    const wire = this.wire;
    if (!wire) return;
    this.say({ type: "ping" });
    clearTimeout(this.heart);
    this.heart = setTimeout(() => {
      wire.close();
      this.cut(wire, 1006);
    }, ANSWER_WITHIN);
  }

  private say(message: Record<string, unknown>): void {
    if (this.link === "live") this.wire?.send(JSON.stringify(message));
  }

  private send(edit: Pending): void {
    this.say({ type: "edit", id: edit.id, base_revision: edit.base, changes: edit.changes });
  }

  private hear(message: Record<string, unknown>): void {
    switch (message.type) {
      case "hello":
        this.hello(message);
        break;
      case "edited":
        this.edited(message as unknown as Told);
        break;
      case "ack":
        this.acknowledged(message as { id: string; revision?: number; applied?: boolean; conflicts?: Clash[] });
        break;
      case "conflict":
        this.conflicts = [...this.conflicts, message as unknown as Clash].slice(-20);
        break;
      case "refresh":
        void this.refresh().catch(() => undefined);
        break;
      case "presence":
        this.seen(message as unknown as Member & { here?: boolean });
        break;
      case "fault":
      case "refused":
      case "error":
        this.refused(message);
        break;
    }
    this.tell();
  }

  private hello(message: Record<string, unknown>): void {
    this.link = "live";
    this.tries = 0;
    this.me = String(message.member ?? "");
    this.members.clear();
    for (const member of (message.present as (Member & { here?: boolean })[] | undefined) ?? []) this.seen(member);
    for (const edit of (message.edits as Told[] | undefined) ?? []) this.edited(edit);
    const behind = typeof message.revision === "number" && message.revision > this.revision;
    const resend = () => this.pending.forEach((edit) => this.send(edit));
    if (message.refresh || behind) void this.refresh().then(resend, resend);
    else resend();
    if (this.card) this.point(this.card);
  }

  private edited(told: Told): void {
    this.pending = this.pending.filter((edit) => edit.id !== told.id);
    this.keep();
    if (told.revision <= this.revision) return;
    if (told.revision > this.revision + 1) {
      void this.refresh().catch(() => undefined);
      return;
    }
    const changes = told.change ? [told.change] : (told.changes ?? []);
    this.sure = changes.reduce(apply, this.sure);
    this.revision = told.revision;
    this.last = { author: told.author ?? "", at: Date.now() };
  }

  private acknowledged(ack: { id: string; revision?: number; applied?: boolean; conflicts?: Clash[] }): void {
    if (ack.conflicts?.length) this.conflicts = [...this.conflicts, ...ack.conflicts].slice(-20);
    // The edit itself comes as `edited`, in its order; one that changed nothing never comes.
    if (ack.applied === false || (ack.revision ?? Infinity) <= this.revision) {
      this.pending = this.pending.filter((edit) => edit.id !== ack.id);
      this.keep();
    }
  }

  private refused(message: Record<string, unknown>): void {
    const id = String(message.id ?? "");
    const yours = this.pending.find((edit) => edit.id === id)?.changes.flatMap(wordsOf).join(" · ");
    if (id) this.pending = this.pending.filter((edit) => edit.id !== id);
    this.keep();
    this.fault = { ...((message.error ?? message) as object), yours };
  }

  private seen(member: Member & { here?: boolean }): void {
    if (member.member === this.me) return;
    if (member.here === false) this.members.delete(member.member);
    else this.members.set(member.member, { member: member.member, who: member.who, initials: member.initials, card: member.card ?? "" });
  }

  // -- what is shown ----------------------------------------------------------------------------------------------------

  private keep(): void {
    this.doors.keep?.set(this.pending.length ? JSON.stringify(this.pending) : null);
  }

  private made(): LiveState {
    const sent = this.pending.reduce((document, edit) => edit.changes.reduce(apply, document), this.sure);
    return {
      document: this.begun ? apply(sent, this.begun) : sent,
      revision: this.revision,
      waiting: this.pending.length,
      link: this.link,
      members: [...this.members.values()],
      conflicts: this.conflicts,
      fault: this.fault,
      last: this.last,
    };
  }

  private tell(): void {
    this.shown = this.made();
    for (const listener of this.listeners) listener();
  }
}

/** What somebody wrote in a change: told again where it is refused, so that it can be taken elsewhere. */
function wordsOf(change: Change): string[] {
  if (change.do === "several") return change.changes.flatMap(wordsOf);
  const found = change.do === "add" ? change.thing.text : change.do === "set" ? change.value : "text" in change ? change.text : undefined;
  return typeof found === "string" && found ? [found] : [];
}

function read(text: string | null): Pending[] {
  try {
    const found: unknown = text ? JSON.parse(text) : [];
    return Array.isArray(found) ? (found as Pending[]) : [];
  } catch {
    return [];
  }
}
