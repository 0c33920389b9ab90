/** A fault as the server tells it: what is wrong, where, and what to do next. */
export interface FaultParts {
  code: string;
  what: string;
  where?: string;
  do_next?: string;
  faults?: FaultParts[];
}

export class Fault extends Error {
  readonly status: number;
  readonly parts: FaultParts;

  constructor(status: number, parts: FaultParts) {
    super(parts.what);
    this.status = status;
    this.parts = parts;
  }
}

/** A fault made of whatever the server, or the network, answered. */
export function faultOf(status: number, body: unknown): Fault {
  const error = typeof body === "object" && body !== null && "error" in body ? (body as { error: unknown }).error : null;
  if (typeof error === "object" && error !== null && "what" in error) return new Fault(status, error as FaultParts);
  return new Fault(status, { code: status === 0 ? "unreachable" : `http_${status}`, what: "" });
}
