import { Button, Textarea } from "@mantine/core";
import { useMemo, useState } from "react";
import { Dialog } from "@/parts/Dialog";
import { useWords } from "@/words/i18n";
import { columnName, laneKind, LANES } from "@/words/terms";
import { newId, type Change } from "@/parts/documents/changes";
import { said, sorted } from "@/parts/documents/things";
import { following } from "@/parts/documents/order";
import type { Lane, MapDocument, Stage } from "../model/types";
import { useScreen } from "../screen/context";

/** A table from a spreadsheet: stages across, lanes down; a cell's lines are cards. */
export function Paste({ onClose }: { onClose: () => void }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const [text, setText] = useState("");
  const table = useMemo(() => tableOf(text), [text]);
  const plan = useMemo(() => planOf(screen.document, table, language), [screen.document, table, language]);
  return (
    <Dialog onClose={onClose} title={t("paste_table")} size="xl">
      <div className="stack">
        <Textarea label={t("paste_here")} description={t("paste_about")} value={text} onChange={(event) => setText(event.currentTarget.value)} minRows={5} maxRows={10} autosize data-autofocus />
        {table.length > 1 && (
          <>
            <p>{t("paste_plan", { cards: plan.cards, stages: plan.stages, lanes: plan.lanes })}</p>
            <div className="table-frame" tabIndex={0} role="region" aria-label={t("preview")}>
              <table className="rows">
                <tbody>
                  {table.slice(0, 12).map((row, at) => (
                    <tr key={at}>{row.map((cell, c) => (at === 0 || c === 0 ? <th key={c} scope={at === 0 ? "col" : "row"}>{cell || (at === 0 && c === 0 ? columnName("stage", language) : "")}</th> : <td key={c} style={{ whiteSpace: "pre-line" }}>{cell}</td>))}</tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )}
        <div className="row">
          <Button variant="filled" disabled={!plan.cards} onClick={() => { screen.edit({ do: "several", changes: plan.changes, summary: t("pasted_n", { n: plan.cards }) }); onClose(); }}>{t("take_over")}</Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </div>
      </div>
    </Dialog>
  );
}

/** Cells of a pasted table: tabs between columns, quoted cells may hold lines; semicolons where there are no tabs. */
export function tableOf(text: string): string[][] {
  const by = text.includes("\t") ? "\t" : ";";
  const rows: string[][] = [];
  let [row, cell, quoted] = [[] as string[], "", false];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at]!;
    if (quoted) {
      if (letter === '"' && text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else if (letter === '"') quoted = false;
      else cell += letter;
    } else if (letter === '"' && cell === "") quoted = true;
    else if (letter === by || letter === "\n") {
      row.push(cell.trim());
      cell = "";
      if (letter === "\n") {
        rows.push(row);
        row = [];
      }
    } else if (letter !== "\r") cell += letter;
  }
  row.push(cell.trim());
  rows.push(row);
  const filled = rows.filter((one) => one.some(Boolean));
  const width = Math.max(0, ...filled.map((one) => one.length));
  return filled.map((one) => [...one, ...Array<string>(width - one.length).fill("")]);
}

interface Plan {
  changes: Change[];
  cards: number;
  stages: number;
  lanes: number;
}

/** What pasting would do: known stages and lanes are found by their titles, unknown ones are made. */
export function planOf(document: MapDocument, table: string[][], language: "de" | "en"): Plan {
  const plan: Plan = { changes: [], cards: 0, stages: 0, lanes: 0 };
  const [head, ...rows] = table;
  if (!head || !rows.length) return plan;
  const stages = sorted(document.stages);
  const lanes = sorted(document.lanes);
  const newStages = following(stages.at(-1)?.order ?? null, head.length);
  const newLanes = following(lanes.at(-1)?.order ?? null, rows.length);
  const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();
  const stageIds = head.slice(1).map((title, at) => {
    const known = stages.find((stage: Stage) => same(said(stage, "title", language), title) || same(stage.title ?? "", title) || stage.id === title);
    if (known || !title) return known?.id ?? null;
    const id = newId("s");
    plan.stages += 1;
    plan.changes.push({ do: "add", collection: "stages", thing: { id, title, order: newStages[at]! } });
    return id;
  });
  const orders = following("m", rows.length * head.length * 20);
  rows.forEach((row, r) => {
    const name = row[0] ?? "";
    const known = lanes.find((lane: Lane) => same(said(lane, "title", language) || laneKind(lane.kind ?? "own").title[language], name) || same(lane.title ?? "", name));
    let id = known?.id;
    if (!id) {
      const kind = LANES.find((one) => same(one.title.de, name) || same(one.title.en, name))?.id ?? "own";
      id = newId("l");
      plan.lanes += 1;
      plan.changes.push({ do: "add", collection: "lanes", thing: { id, kind, title: name, order: newLanes[r]! } });
    }
    row.slice(1).forEach((cell, c) => {
      const stage = stageIds[c];
      if (!stage) return;
      for (const line of cell.split("\n").map((one) => one.replace(/^[-•*]\s*/, "").trim()).filter(Boolean)) {
        plan.changes.push({ do: "add", collection: "cards", thing: { id: newId("c"), text: line, stage, lane: id, order: orders[plan.cards % orders.length]! } });
        plan.cards += 1;
      }
    });
  });
  return plan;
}
