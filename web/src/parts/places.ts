/** Where things are on the page: documents and companies in their rooms, answers in the room of their question. */

/** Which answers a room gives, the one for the room's question first. */
export const ANSWERS = {
  "/journeys": ["stages", "paths", "variants", "compare", "durations", "before-sales", "playbook", "journeys"],
  "/blockers": ["blockers", "pauses"],
  "/attribution": ["attribution", "channels"],
  "/content": ["content"],
  "/searches": ["searches"],
  "/buying-centers": ["buying-center"],
  "/changes": ["drift", "changes"],
} as const satisfies Record<string, readonly string[]>;

const ROOMS: Record<string, string> = { account: "/accounts", map: "/maps", persona: "/personas", interview: "/interviews", survey: "/surveys", review: "/reviews" };

export interface Place {
  to: string;
  search?: Record<string, string>;
}

/** Where a thing is shown; undefined where the page has no place for it. */
export function placeOf(kind: string, id: string): Place | undefined {
  if (ROOMS[kind]) return { to: `${ROOMS[kind]}/${encodeURIComponent(id)}` };
  if (kind === "segment") return { to: "/segments" };
  if (kind === "rules") return { to: "/sources", search: { tab: "rules", rule: id } };
  if (kind === "source") return { to: "/sources" };
  const room = kind === "analysis" ? Object.entries(ANSWERS).find(([, names]) => (names as readonly string[]).includes(id)) : undefined;
  return room && { to: room[0], search: { show: id } };
}
