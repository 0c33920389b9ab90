import { useCallback, useRef, useState } from "react";

/** The width of an element as it is laid out, in pixels; 0 until it is. */
export function useWidth(): [number, (element: HTMLElement | null) => void] {
  const [width, setWidth] = useState(0);
  const watch = useRef<ResizeObserver>(undefined);
  const measured = useCallback((element: HTMLElement | null) => {
    watch.current?.disconnect();
    if (!element) return;
    setWidth(element.clientWidth);
    watch.current = new ResizeObserver(() => setWidth(element.clientWidth));
    watch.current.observe(element);
  }, []);
  return [width, measured];
}
