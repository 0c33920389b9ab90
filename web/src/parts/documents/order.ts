/** Places in a list as texts; the twin of `maps/order.py`, where it is explained. */

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const place = (digit: string) => DIGITS.indexOf(digit);

/** A key that sorts after `before` and before `after`; null is the open end. Keys of equal rank are told apart by their ids. */
export function between(before: string | null, after: string | null): string {
  const low = before ?? "";
  if (after !== null && !(low < after)) return after + "V";
  if (after === null && low) return behind(low);
  return middle(low, after);
}

function behind(low: string): string {
  const width = Math.max(4, low.length);
  const digits = [...low.padEnd(width, "0")].map(place);
  let carry = 1;
  for (let at = width - 2; at >= 0 && carry; at -= 1) {
    const sum = digits[at]! + carry;
    digits[at] = sum % 62;
    carry = sum >= 62 ? 1 : 0;
  }
  return carry ? `${low}V` : digits.map((digit) => DIGITS[digit]).join("").replace(/0+$/, "");
}

function middle(low: string, high: string | null): string {
  let shared = 0;
  while (high !== null && shared < high.length && (low[shared] ?? "0") === high[shared]) shared += 1;
  if (high !== null && shared) return high.slice(0, shared) + middle(low.slice(shared), high.slice(shared));
  const first = low ? place(low[0]!) : 0;
  const last = high ? place(high[0]!) : 62;
  if (last - first > 1) return DIGITS[Math.floor((first + last) / 2)]!;
  if (high !== null && high.length > 1) return high[0]!;
  return DIGITS[first]! + middle(low.slice(1), null);
}

/** Keys for `count` new things behind the last one. */
export function following(last: string | null, count: number): string[] {
  const keys: string[] = [];
  for (let number = 0; number < count; number += 1) keys.push(between(keys[keys.length - 1] ?? last, null));
  return keys;
}
