import { Textarea } from "@mantine/core";
import { useRef, useState } from "react";

interface Props {
  text: string;
  /** What the field is called for those who do not see it. */
  label: string;
  revision: number;
  /** Without it the text is read only. */
  write?: (text: string, since: number) => void;
  className?: string;
}

/** A text that is changed where it stands: click it, or Enter on it; Enter or leaving it keeps, Escape does not. */
export function InPlace({ text, label, revision, write, className = "" }: Props) {
  const [begun, setBegun] = useState<{ text: string; since: number } | null>(null);
  const back = useRef(false);
  const over = useRef(false);
  if (!write) return <span className={className}>{text}</span>;
  const end = (said: string | null, byKey: boolean) => {
    if (over.current || !begun) return;
    over.current = true;
    back.current = byKey;
    setBegun(null);
    if (said !== null && said.trim() && said.trim() !== begun.text) write(said.trim(), begun.since);
  };
  if (!begun)
    return (
      <button
        type="button" className={`plain in-place ${className}`} title={label}
        ref={(made) => {
          // The focus goes back to the text that was written by keyboard.
          if (made && back.current) made.focus();
          back.current = false;
        }}
        onClick={() => { over.current = false; setBegun({ text, since: revision }); }}
      >
        {text || <span className="muted">{label}</span>}
        <span className="hidden"> {label}</span>
      </button>
    );
  return (
    <Textarea
      className={className} aria-label={label} defaultValue={begun.text} autosize autoFocus size="xs"
      onFocus={(event) => event.currentTarget.setSelectionRange(begun.text.length, begun.text.length)}
      onBlur={(event) => end(event.currentTarget.value, false)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter" && !event.shiftKey) {
          event.preventDefault();
          end(event.currentTarget.value, true);
        }
        if (event.key === "Escape") end(null, true);
      }}
    />
  );
}
