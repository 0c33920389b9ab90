import type { Figure } from "@/words/figures";

/** A review as the server keeps it. */

export interface Frozen {
  id: string;
  card?: string;
  stage?: string;
  claim?: string;
  verdict?: string;
  figure?: Figure | null;
}

export interface Decision {
  id: string;
  order?: string;
  text?: string;
  by?: string;
}

export interface Task {
  id: string;
  order?: string;
  text?: string;
  owner?: string;
  due?: string | null;
  done?: boolean;
  card?: string;
}

export interface Review {
  id: string;
  title?: string;
  of?: string;
  owner?: string;
  as_of?: string | null;
  started_on?: string | null;
  closed_on?: string | null;
  state?: "open" | "closed";
  attendees?: string[];
  minutes?: string;
  claims?: Record<string, Frozen>;
  decisions?: Record<string, Decision>;
  tasks?: Record<string, Task>;
}

/** The names in a line, as attendees are written. */
export const namesOf = (line: string) => line.split(",").map((one) => one.trim()).filter(Boolean);
