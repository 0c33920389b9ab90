/** One field that two wrote at once, in the words of both; `counts` says whose stands. */
export interface Clash {
  id: string;
  field: string[];
  yours?: unknown;
  theirs?: unknown;
  by?: string;
  counts?: "yours" | "theirs";
  revision?: number;
  /** Both are one's own, in two windows. */
  own?: boolean;
}
