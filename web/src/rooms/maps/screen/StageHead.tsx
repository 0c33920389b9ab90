import { Menu } from "@mantine/core";
import { FigureView } from "@/parts/FigureView";
import { useWords } from "@/words/i18n";
import { number } from "@/words/numbers";
import { newId, setOf, type Change } from "@/parts/documents/changes";
import { said, sorted } from "@/parts/documents/things";
import { type Column } from "../model/layout";
import { between } from "@/parts/documents/order";
import type { Stage } from "../model/types";
import { useScreen } from "./context";
import { useRename } from "./useRename";

/** The head of a column: the stage, and in the evidence view how many reach it, go on, and how long it takes. */
export function StageHead({ column }: { column: Column }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const { stage, step } = column;
  const title = said(step ?? stage, "title", language);
  const [field, rename] = useRename(title, t("stage_title"), (text, since) => screen.editSince(since, setOf(step ? "steps" : "stages", (step ?? stage).id, "title", text)));
  return (
    <div className="stage-head" role="columnheader">
      {step && column.first && <span className="stage-of">{said(stage, "title", language)}</span>}
      {field ?? (
        <span className="row nowrap-row">
          <span className="stage-title grow">{title}</span>
          {screen.mayEdit && <StageMenu stage={stage} onRename={rename} />}
        </span>
      )}
      {screen.view === "evidence" && column.first && screen.level !== "far" && <StageFiguresView stage={stage} />}
      {screen.view === "design" && stage.milestone && column.first && screen.level !== "far" && <span className="stage-figures">{said(stage, "milestone", language)}</span>}
    </div>
  );
}

/** How many journeys the evidence has of a stage, and what share goes on. */
export function StageFiguresView({ stage }: { stage: Stage }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const figures = screen.stages.get(stage.id);
  if (!figures) return null;
  return (
    <span className="stage-figures">
      <span>{t("companies_journeys", { n: figures.journeys, shown: number(figures.journeys, language) })}</span>
      {figures.moved_on && (
        <span>
          <FigureView figure={figures.moved_on} unit="share" bare behind={figures.behind} onOpen={() => screen.openStage(stage.id, "moved_on")} /> {t("move_on")}
        </span>
      )}
    </span>
  );
}

function StageMenu({ stage, onRename }: { stage: Stage; onRename: () => void }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const stages = sorted(screen.document.stages);
  const at = stages.findIndex((one) => one.id === stage.id);
  const place = (index: number): Change => ({ do: "move", collection: "stages", id: stage.id, to: { order: orderAt(stages.filter((one) => one.id !== stage.id), index) } });
  const addAfter = () => screen.edit({ do: "add", collection: "stages", thing: { id: newId("s"), title: t("new_stage"), order: orderAt(stages, at + 1) } });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className="dots" aria-label={t("stage_menu", { name: said(stage, "title", language) })}>
          ⋯
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onRename}>{t("rename")}</Menu.Item>
        <Menu.Item onClick={addAfter}>{t("add_stage_after")}</Menu.Item>
        <Menu.Item disabled={at <= 0} onClick={() => screen.edit(place(at - 1))}>{t("move_left")}</Menu.Item>
        <Menu.Item disabled={at >= stages.length - 1} onClick={() => screen.edit(place(at + 1))}>{t("move_right")}</Menu.Item>
        <Menu.Divider />
        <Menu.Item color="contradicted" onClick={() => screen.edit({ do: "remove", collection: "stages", id: stage.id })}>{t("remove")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The key that puts something at `index` among others. */
export function orderAt(others: { order?: string }[], index: number): string {
  return between(others[index - 1]?.order ?? null, others[index]?.order ?? null);
}
