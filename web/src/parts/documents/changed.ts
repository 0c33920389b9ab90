import { setOf, type Change } from "./changes";

const isEmpty = (value: unknown) => value === null || value === undefined || value === "" || value === false || (Array.isArray(value) && !value.length);
const plain = (value: unknown) => JSON.stringify(isEmpty(value) ? null : value);

/** The changes that make a thing say what a form says now; fields that stayed are left alone, so that others' words stay too. */
export function changed<T extends { id: string }>(collection: string, before: T, now: Partial<T>): Change[] {
  return Object.entries(now)
    .filter(([field, value]) => plain(value) !== plain((before as Record<string, unknown>)[field]))
    .map(([field, value]) => setOf(collection, before.id, field, isEmpty(value) ? null : value));
}
