import { TextInput, useMantineColorScheme } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useId, useState, type KeyboardEvent } from "react";
import { Dialog } from "@/parts/Dialog";
import { useOffered } from "@/parts/commands";
import { get } from "@/wire/api";
import { choose } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { ROOMS } from "./rooms";

interface Item {
  id: string;
  group: string;
  title: string;
  about?: string;
  keys?: string;
  run: () => void;
}

const MANY = ["maps", "personas", "interviews", "surveys", "reviews"] as const;

/** Search and commands by keyboard: rooms, documents, companies, and what can be done here. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t, language } = useWords();
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [settled] = useDebouncedValue(text.trim(), 200);
  const offered = useOffered();
  const documents = useQuery({
    queryKey: ["palette"],
    queryFn: async () => {
      const lists = await Promise.all(MANY.map((many) => get<{ id: string; title: string }[]>(`/api/v1/${many}`)));
      return lists.flatMap((list, index) => list.map((one) => ({ ...one, many: MANY[index]! })));
    },
    staleTime: 30_000,
  });
  const companies = useQuery({
    queryKey: ["palette", settled],
    queryFn: () => get<{ rows: { account_id: string; name: string | null; domain: string | null; city?: string | null }[] }>("/api/v1/accounts", { query: { search: settled, size: 8, sort: "won_value" } }),
    enabled: settled.length > 1,
    retry: false,
  });
  const go = (to: string) => () => void navigate({ to } as never);
  const items: Item[] = [
    ...offered.map((one) => ({ ...one, group: t("command_here") })),
    ...ROOMS.flatMap((group) => group.links).map((link) => ({ id: link.to, group: t("command_go"), title: t(link.text), run: go(link.to) })),
    ...(documents.data ?? []).map((one) => ({ id: `${one.many}/${one.id}`, group: t(`room_${one.many}`), title: one.title || one.id, run: go(`/${one.many}/${one.id}`) })),
    { id: "print", group: t("more"), title: t("print"), run: () => setTimeout(() => window.print(), 100) },
    { id: "language", group: t("more"), title: language === "de" ? t("speak_english") : t("speak_german"), run: () => choose(language === "de" ? "en" : "de") },
    { id: "dark", group: t("more"), title: t("go_dark"), run: () => setColorScheme("dark") },
    { id: "light", group: t("more"), title: t("go_light"), run: () => setColorScheme("light") },
  ];
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = items.filter((item) => words.every((word) => `${item.title} ${item.group}`.toLowerCase().includes(word)));
  const found: Item[] = [
    ...(words.length ? matching : matching.filter((item) => !item.id.includes("/") || item.id.startsWith("/"))).slice(0, 40),
    ...(words.length ? (companies.data?.rows ?? []) : []).map((row) => ({ id: row.account_id, group: t("room_accounts"), title: row.name || row.domain || row.account_id, about: row.city ?? "", run: go(`/accounts/${row.account_id}`) })),
  ];
  const chosen = found[Math.min(at, found.length - 1)];
  const take = (item: Item | undefined) => {
    if (!item) return;
    onClose();
    item.run();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = (at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % Math.max(1, found.length);
      setAt(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") take(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog onClose={onClose} title={t("commands")} size={560} yOffset="10vh">
      <TextInput
        aria-label={t("commands")}
        placeholder={t("commands_hint")}
        value={text}
        onChange={(event) => { setText(event.currentTarget.value); setAt(0); }}
        onKeyDown={onKey}
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={chosen ? `${id}-${found.indexOf(chosen)}` : undefined}
        data-autofocus
      />
      <ul id={id} role="listbox" aria-label={t("commands")} className="palette">
        {found.map((item, number) => (
          <li key={`${item.group}${item.id}`} id={`${id}-${number}`} role="option" aria-selected={item === chosen} onClick={() => take(item)} onMouseMove={() => at !== number && setAt(number)}>
            <span className="grow">{item.title} {item.about && <span className="muted small">{item.about}</span>}</span>
            {item.keys && <kbd>{item.keys}</kbd>}
            <span className="muted small">{item.group}</span>
          </li>
        ))}
      </ul>
      {!found.length && <p className="muted" role="status">{t("commands_none")}</p>}
    </Dialog>
  );
}
