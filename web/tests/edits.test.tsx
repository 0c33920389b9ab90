import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { changed } from "@/parts/documents/changed";
import { Clashes } from "@/parts/documents/Clashes";
import { InPlace } from "@/parts/documents/InPlace";
import { useEdits, type Answered } from "@/parts/documents/useEdits";
import { namesOf, type Task } from "@/rooms/reviews/review";
import { speak } from "@/words/i18n";

const wire = vi.hoisted(() => ({ get: vi.fn(), post: vi.fn() }));
vi.mock("@/wire/api", () => wire);

interface Doc {
  traits: Record<string, { id: string; text: string }>;
}
const doc = (text: string, revision: number): Answered<Doc> => ({ revision, document: { traits: { t1: { id: "t1", text } } } });
const KEY = ["persona", "it"];

function Room() {
  const found = useQuery({ queryKey: KEY, queryFn: () => wire.get() as Promise<Answered<Doc>> });
  return found.data ? <Shown answer={found.data} /> : null;
}

function Shown({ answer }: { answer: Answered<Doc> }) {
  const edits = useEdits<Doc>({ many: "personas", slug: "it", queryKey: KEY }, answer.revision);
  return (
    <>
      <Clashes of={edits} document={answer.document} />
      <InPlace text={answer.document.traits.t1!.text} label="Text" revision={answer.revision} write={(value, since) => edits.editSince(since, { do: "set", collection: "traits", id: "t1", path: ["text"], value })} />
    </>
  );
}

const show = () => render(<MantineProvider><QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}><Room /></QueryClientProvider></MantineProvider>);

beforeEach(() => {
  speak("de");
  wire.get.mockReset();
  wire.post.mockReset();
});

it("an edit is shown before the server has answered, and what the server refuses is taken back and told", async () => {
  wire.get.mockResolvedValue(doc("Ruhe", 3));
  let refuse: (fault: Error) => void = () => undefined;
  wire.post.mockImplementation(() => new Promise((_, reject) => (refuse = reject)));
  show();
  await userEvent.click(await screen.findByRole("button", { name: /Ruhe/ }));
  await userEvent.keyboard(" bewahren{Enter}");
  expect(await screen.findByRole("button", { name: /Ruhe bewahren/ })).toHaveFocus();
  refuse(new Error("no"));
  await waitFor(() => expect(screen.getByRole("button", { name: /^Ruhe Text/ })).toBeInTheDocument());
  expect(screen.getByRole("alert")).toBeInTheDocument();
});

it("an edit says the revision at which it was begun, and what it ran into is shown in the words of both until one decides", async () => {
  wire.get.mockResolvedValue(doc("Ruhe", 3));
  wire.post.mockResolvedValue({ revision: 5, conflicts: [{ id: "e", field: ["traits", "t1", "text"], yours: "Stille", theirs: "Frieden", by: "Bo", counts: "yours" }] });
  show();
  await userEvent.click(await screen.findByRole("button", { name: /Ruhe/ }));
  wire.get.mockResolvedValue(doc("Stille", 5));
  await userEvent.clear(screen.getByRole("textbox"));
  await userEvent.keyboard("Stille{Enter}");
  const told = await screen.findByRole("alert");
  expect(told).toHaveTextContent("Zugleich geändert: Stille");
  expect(told).toHaveTextContent("Bo: Frieden");
  expect(wire.post.mock.calls[0]![1]).toEqual({ base_revision: 3, changes: [{ do: "set", collection: "traits", id: "t1", path: ["text"], value: "Stille" }] });
  wire.post.mockResolvedValue({ revision: 6, conflicts: [] });
  await userEvent.click(screen.getByRole("button", { name: "Das andere nehmen" }));
  expect(wire.post.mock.calls[1]![1]).toEqual({ base_revision: 5, changes: [{ do: "set", collection: "traits", id: "t1", path: ["text"], value: "Frieden" }] });
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
});

it("Escape leaves a text as it was, and leaving it unchanged sends nothing", async () => {
  wire.get.mockResolvedValue(doc("Ruhe", 3));
  show();
  await userEvent.click(await screen.findByRole("button", { name: /Ruhe/ }));
  await userEvent.keyboard("!{Escape}");
  await userEvent.click(screen.getByRole("button", { name: /Ruhe/ }));
  await userEvent.tab();
  expect(screen.getByRole("button", { name: /^Ruhe Text/ })).toBeInTheDocument();
  expect(wire.post).not.toHaveBeenCalled();
});

it("a form sends what it changed and nothing else, so that others' words stay", () => {
  const task: Task = { id: "t1", text: "Anrufen", owner: "Anna", due: null, card: "" };
  expect(changed("tasks", task, { text: "Anrufen", owner: "", due: "2026-12-01", card: "" })).toEqual([
    { do: "set", collection: "tasks", id: "t1", path: ["owner"], absent: true },
    { do: "set", collection: "tasks", id: "t1", path: ["due"], value: "2026-12-01" },
  ]);
  expect(changed("tasks", task, { ...task })).toEqual([]);
});

it("names in a line are names without the blanks around them", () => expect(namesOf(" Anna, ,Bo ")).toEqual(["Anna", "Bo"]));
