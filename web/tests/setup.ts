import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
import { afterEach, vi } from "vitest";

afterEach(cleanup);

if (typeof window !== "undefined") browser();

/** What the browser has and jsdom has not. */
function browser() {
  Object.defineProperty(window, "matchMedia", {
  value: (query: string) => ({ matches: false, media: query, onchange: null, addEventListener: vi.fn(), removeEventListener: vi.fn(), addListener: vi.fn(), removeListener: vi.fn(), dispatchEvent: vi.fn() }),
  });
  window.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  Element.prototype.scrollIntoView = vi.fn();
  // Neither does it load fonts, of which fields that grow with their text want to hear.
  Object.defineProperty(document, "fonts", { value: new EventTarget(), configurable: true });
}
