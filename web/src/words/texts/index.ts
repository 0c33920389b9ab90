import { DATA } from "./data";
import { DOCUMENTS } from "./documents";
import { EDITING } from "./editing";
import { INTERVIEWS } from "./interviews";
import { MAPS } from "./maps";
import { PERSONAS } from "./personas";
import { SHELL } from "./shell";
import { WORKSPACE } from "./workspace";

/**
 * Every text of the page, German and English side by side, so that neither can miss one.
 * `one|many` has a form for one and one for many, chosen by `n`. German addresses the reader with "Sie".
 */
export const TEXTS = { ...SHELL, ...MAPS, ...DATA, ...WORKSPACE, ...DOCUMENTS, ...EDITING, ...PERSONAS, ...INTERVIEWS } as const satisfies Record<string, readonly [string, string]>;

export type TextKey = keyof typeof TEXTS;
