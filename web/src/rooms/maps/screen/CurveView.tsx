import { FigureView } from "@/parts/FigureView";
import { useWords } from "@/words/i18n";
import { number } from "@/words/numbers";
import { said } from "@/parts/documents/things";
import { type Grid } from "../model/layout";
import { useScreen } from "./context";
import { FeelingsLane } from "./FeelingsLane";

/** Curve and funnel alone: how customers feel in each stage, how many reach it and how many go on. */
export function CurveView({ grid, width }: { grid: Grid; width: number }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const most = Math.max(1, ...[...screen.stages.values()].map((one) => one.journeys));
  const template = { gridTemplateColumns: `var(--lane) repeat(${grid.columns.length}, ${width}px)` };
  return (
    <div className="map-frame" tabIndex={0} role="region" aria-label={t("as_curve")}>
      <div className="map-inner" style={{ minWidth: `calc(var(--lane) + ${grid.columns.length * width}px)` }}>
        <div className="map-head" style={template}>
          <div className="map-corner" />
          {grid.columns.map((column) => <div key={column.key} className="stage-head"><h2 className="stage-title">{said(column.step ?? column.stage, "title", language)}</h2></div>)}
        </div>
        <div className="lane" style={template}>
          <div className="lane-name"><span className="lane-title">{t("curve")}</span><span className="lane-about">{t("curve_funnel_about")}</span></div>
          <div style={{ gridColumn: `2 / span ${grid.columns.length}` }}><FeelingsLane columns={grid.columns} width={width} /></div>
        </div>
        <div className="lane" style={template}>
          <div className="lane-name"><span className="lane-title">{t("room_journeys")}</span></div>
          {grid.columns.map((column) => {
            const found = column.first ? screen.stages.get(column.stage.id) : undefined;
            return (
              <div key={column.key} className="steps-cell">
                {found ? (
                  <>
                    <span className="steps-frame" aria-hidden="true"><span className="steps-bar" style={{ height: `${(100 * found.journeys) / most}%` }} /></span>
                    <span className="strong">{t("companies_journeys", { n: found.journeys, shown: number(found.journeys, language) })}</span>
                    {found.moved_on && <span><FigureView figure={found.moved_on} unit="share" behind={found.behind} onOpen={() => screen.openStage(column.stage.id, "moved_on")} /> <span className="muted">{t("move_on")}</span></span>}
                    {found.median_days && <span><FigureView figure={found.median_days} unit="days" bare behind={found.behind} onOpen={() => screen.openStage(column.stage.id, "median_days")} /></span>}
                  </>
                ) : column.first ? <span className="muted small">{t("no_journeys_here")}</span> : null}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
