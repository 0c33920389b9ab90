import { useWords } from "@/words/i18n";
import { amount, range } from "@/words/figures";
import { number } from "@/words/numbers";
import { anyTerm } from "@/words/terms";
import type { BlindSpot } from "../model/types";
import { useScreen } from "./context";

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
                {amount(figure.value, "share", language)} {range(figure, "share", language) && `(${range(figure, "share", language)})`} · n {number(figure.n, language)} · {t("on_no_card")}
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
