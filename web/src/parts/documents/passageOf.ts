/** The passage of an interview that an address such as `interview:int-07#p3` means; a moment (`#t=412`) names none. */
export function passageOf(ref: string): { interview: string; passage: string } | null {
  const found = /^interview:([a-z0-9][a-z0-9._-]*)(?:#(.*))?$/.exec(ref);
  return found ? { interview: found[1]!, passage: found[2] && !found[2].startsWith("t=") ? found[2] : "" } : null;
}
