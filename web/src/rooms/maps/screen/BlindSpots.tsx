import { useWords } from "@/words/i18n";
import { FigureView } from "@/parts/FigureView";
import { RowsPanel } from "@/parts/RowsPanel";
import { address, get } from "@/wire/api";
import type { Rows } from "@/wire/result";
import { anyTerm } from "@/words/terms";
import type { BlindSpot } from "../model/types";
import { useScreen } from "./context";

/** Kinds whose share is one of journeys; a search has showings behind it, a topic its passages. */
const OF_JOURNEYS = new Set(["touchpoint", "wait", "role"]);

export function blindSpotName(spot: BlindSpot, language: "de" | "en"): string {
  return spot.label?.[language] ?? anyTerm(spot.touchpoint ?? spot.what ?? "", language);
}

/** What is frequent in the evidence of a stage and on no card: dashed, hatched, one step away from the map. */
export function BlindSpots({ stage }: { stage: string }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const spots = (screen.check?.blind_spots ?? []).filter((spot) => spot.stage === stage).slice(0, 3);
  return (
    <>
      {spots.map((spot) => {
        const name = blindSpotName(spot, language);
        const figure = spot.coverage;
        const add = () => void screen.takeBlindSpot(spot.id);
        return (
          <div key={spot.id} className="ghost">
            <span className="card-text">
              <span className="hidden">{t("blind_spot")}: </span>+ {name}
            </span>
            {figure && figure.value !== null && (
              <span className="card-data">
                <FigureView figure={figure} unit="share" behind={{ as_of: screen.check?.as_of }} onOpen={OF_JOURNEYS.has(spot.kind) ? () => screen.openBlindSpot(spot) : undefined} /> · {t("on_no_card")}
              </span>
            )}
            {screen.mayEdit && (
              <button type="button" className="link small" onClick={add}>
                {t("add_to_map")}
              </button>
            )}
          </div>
        );
      })}
    </>
  );
}

/** The journeys behind the share of a blind spot, each with whether it was found in it. */
export function SpotRows({ slug, spot, onClose }: { slug: string; spot: BlindSpot; onClose: () => void }) {
  const { t, language } = useWords();
  const path = { slug, spot: spot.id };
  return (
    <RowsPanel
      title={blindSpotName(spot, language)} about={`${anyTerm(spot.stage, language)} · ${t("on_no_card")}`} id={["blind spot", slug, spot.id]} onClose={onClose}
      load={() => get<Rows>("/api/v1/maps/{slug}/blind-spots/{spot}/rows", { path, query: { limit: 5000 } })}
      exported={(format) => address("/api/v1/maps/{slug}/blind-spots/{spot}/export", { path, query: { format, language } })}
    />
  );
}
