import { Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Fragment, useId, useRef, useState, type KeyboardEvent } from "react";
import { get } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { begun, MENTION, type Member } from "./mentions";

/** A text in which `@` offers the people of this workspace. */
export function MentionText({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const { t } = useWords();
  const id = useId();
  const place = useRef<HTMLTextAreaElement>(null);
  const known = useQuery({ queryKey: ["members"], queryFn: () => get<Member[]>("/api/v1/members"), enabled: useMay("viewer"), staleTime: 5 * 60_000 });
  const [caret, setCaret] = useState(0);
  const [at, setAt] = useState(0);
  const [closed, setClosed] = useState("");
  const word = begun(value, caret);
  const found = word === null || closed === value ? [] : (known.data ?? []).filter((one) => `${one.name} ${one.shown}`.toLowerCase().includes(word.toLowerCase())).slice(0, 6);
  const chosen = found[Math.min(at, found.length - 1)];
  const take = (member: Member) => {
    const start = caret - (word ?? "").length;
    const next = `${value.slice(0, start)}${member.name} ${value.slice(caret)}`;
    onChange(next);
    setClosed(next);
    const end = start + member.name.length + 1;
    setCaret(end);
    requestAnimationFrame(() => place.current?.setSelectionRange(end, end));
    place.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (!chosen) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") setAt((at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
    else if (event.key === "Enter" || event.key === "Tab") take(chosen);
    else if (event.key === "Escape") setClosed(value);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="stack" style={{ gap: 4 }}>
      <Textarea
        ref={place}
        label={label}
        description={t("mention_about")}
        value={value}
        onChange={(event) => { onChange(event.currentTarget.value); setCaret(event.currentTarget.selectionStart); setAt(0); }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onKeyDown={onKey}
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={chosen ? `${id}-${chosen.name}` : undefined}
        autosize
        minRows={2}
      />
      <ul id={id} role="listbox" aria-label={t("whom")} className="mentions" hidden={!found.length}>
        {found.map((one) => (
          <li key={one.name} id={`${id}-${one.name}`} role="option" aria-selected={one === chosen} onMouseDown={(event) => { event.preventDefault(); take(one); }}>
            <span className="strong">{one.shown}</span> {one.shown !== one.name && <span className="muted">@{one.name}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A comment with the people it names standing out. */
export function Mentioned({ text }: { text: string }) {
  return (
    <>
      {text.split(MENTION).map((part, at) => (
        <Fragment key={at}>{at % 2 ? <span className="strong">{part}</span> : part}</Fragment>
      ))}
    </>
  );
}
