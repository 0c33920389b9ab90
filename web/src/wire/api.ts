import createClient from "openapi-fetch";
import { language } from "@/words/i18n";
import { faultOf } from "./faults";
import type { paths } from "./openapi";

/** The one way to the server: paths are checked against its OpenAPI document, faults are thrown as `Fault`. */

type Method = "get" | "post" | "put" | "patch" | "delete";
type With<M extends Method> = { [P in keyof paths]: paths[P] extends { [K in M]: unknown } ? P : never }[keyof paths] & string;

export type Query = Record<string, string | number | boolean | readonly string[] | null | undefined>;
export interface Asked {
  path?: Record<string, string | number>;
  query?: Query;
  signal?: AbortSignal;
}

let csrf = "";

/** Keeps the token that state-changing calls have to carry. */
export function carry(token: string): void {
  csrf = token;
}

const client = createClient<paths>({ baseUrl: "", credentials: "same-origin", querySerializer: { array: { style: "form", explode: true } } });
client.use({
  onRequest({ request }) {
    request.headers.set("Accept-Language", language());
    if (request.method !== "GET" && csrf) request.headers.set("X-CSRF", csrf);
    return request;
  },
});

type Loose = (path: string, options: unknown) => Promise<{ data?: unknown; error?: unknown; response: Response }>;
const calls = client as unknown as Record<"GET" | "POST" | "PUT" | "PATCH" | "DELETE", Loose>;

function tidy(query: Query | undefined): Query | undefined {
  if (!query) return undefined;
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined));
}

async function call<T>(method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", path: string, asked: Asked, body?: unknown): Promise<T> {
  let answer;
  try {
    answer = await calls[method](path, { params: { path: asked.path, query: tidy(asked.query) }, body, signal: asked.signal });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw faultOf(0, null);
  }
  if (!answer.response.ok) throw faultOf(answer.response.status, answer.error);
  return answer.data as T;
}

export const get = <T>(path: With<"get">, asked: Asked = {}) => call<T>("GET", path, asked);
export const post = <T>(path: With<"post">, body?: unknown, asked: Asked = {}) => call<T>("POST", path, asked, body);
export const put = <T>(path: With<"put">, body?: unknown, asked: Asked = {}) => call<T>("PUT", path, asked, body);
export const patch = <T>(path: With<"patch">, body?: unknown, asked: Asked = {}) => call<T>("PATCH", path, asked, body);
export const remove = <T>(path: With<"delete">, asked: Asked = {}) => call<T>("DELETE", path, asked);

/** Sends files as a form; `progress` is told the share that has left. */
export function upload<T>(path: With<"post">, form: FormData, asked: Asked = {}, progress?: (share: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address(path, asked));
    if (csrf) request.setRequestHeader("X-CSRF", csrf);
    request.setRequestHeader("Accept-Language", language());
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && progress?.(event.loaded / event.total);
    request.onload = () =>
      request.status < 300 ? resolve(request.response as T) : reject(faultOf(request.status, request.response));
    request.onerror = () => reject(faultOf(0, null));
    request.send(form);
  });
}

/** The address of something the browser fetches itself: a download, a picture. */
export function address(path: With<"get"> | With<"post">, asked: Asked = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(asked.path?.[name] ?? "")));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(tidy(asked.query) ?? {})) {
    if (Array.isArray(value)) for (const one of value as readonly string[]) query.append(name, one);
    else query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `${filled}?${text}` : filled;
}
