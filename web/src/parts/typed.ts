import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useState } from "react";
import { useOwn } from "./filters";

/** A search that follows the typing a quarter of a second behind, and stands in the URL: what is asked, what is typed, and the way to type. */
export function useTyped(name = "search"): [string, string, (text: string) => void] {
  const [asked, setAsked] = useOwn(name);
  const [typed, setTyped] = useState(asked);
  const [settled] = useDebouncedValue(typed, 250);
  useEffect(() => {
    if (settled !== asked) setAsked(settled || undefined);
    // Only what was typed is to be followed.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [settled]);
  return [asked, typed, setTyped];
}
