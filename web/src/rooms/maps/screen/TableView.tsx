import { Verdict } from "@/parts/Verdict";
import { useWords } from "@/words/i18n";
import { laneKind } from "@/words/terms";
import { signed } from "@/words/numbers";
import { said } from "@/parts/documents/things";
import { pointsOf, type Grid } from "../model/layout";
import { setOf } from "@/parts/documents/changes";
import type { Card } from "../model/types";
import { ClaimLine } from "./CardFace";
import { useScreen } from "./context";
import { useKept } from "@/parts/documents/useKept";

/** The map as a table: the same cards one a row, to edit in bulk and to read aloud; the curve is in it too. */
export function TableView({ grid }: { grid: Grid }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const curve = pointsOf(screen.document, grid.columns, "hand", "");
  const measured = pointsOf(screen.document, grid.columns, "measured", "");
  return (
    <div className="page">
      <div className="table-frame" tabIndex={0} role="region" aria-label={t("table_view")}>
        <table className="rows">
          <thead>
            <tr>
              {[t("stage"), t("lane"), t("card"), t("provenance"), t("claim"), t("verdict"), t("measured_value")].map((name) => (
                <th key={name} scope="col">{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {grid.columns.flatMap((column, at) =>
              grid.rows.flatMap((row) => {
                const where = said(column.step ?? column.stage, "title", language);
                const lane = said(row.lane, "title", language) || laneKind(row.lane.kind ?? "own").title[language];
                if (row.lane.kind === "feelings")
                  return [
                    <tr key={`f${column.key}`}>
                      <td>{where}</td>
                      <td>{lane}</td>
                      <td colSpan={5}>{[curve[at] && `${t("by_hand")} ${signed(curve[at].value, language)}`, measured[at] && `${t("measured")} ${signed(measured[at].value, language)} · n ${measured[at].n ?? 0}`].filter(Boolean).join(" · ") || t("curve_no_point")}</td>
                    </tr>,
                  ];
                const cards = [...row.spanning.filter((one) => one.from === at).map((one) => one.card), ...row.cells[at]!.cards];
                return cards.map((card) => {
                  const claim = screen.claims.get(card.id);
                  return (
                    <tr key={card.id} className={screen.chosen === card.id ? "chosen" : ""}>
                      <td>{where}</td>
                      <td>{lane}</td>
                      <td className="lead">
                        {screen.mayEdit ? (
                          <CardInput card={card} />
                        ) : (
                          said(card, "text", language)
                        )}
                      </td>
                      <td>{t(`provenance_${card.provenance ?? "hypothesis"}`)}</td>
                      <td><code>{card.claim}</code></td>
                      <td>{claim && <Verdict verdict={claim.verdict} />}</td>
                      <td>
                        {claim && <ClaimLine claim={claim} language={language} />}{" "}
                        <button type="button" className="link" onClick={() => screen.choose(card.id)}>{t("open")}<span className="hidden">: {said(card, "text", language)}</span></button>
                      </td>
                    </tr>
                  );
                });
              }),
            )}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function CardInput({ card }: { card: Card }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const text = useKept(said(card, "text", language), screen.revision, (written, since) => screen.editSince(since, setOf("cards", card.id, "text", written)));
  return <input className="table-input" aria-label={t("card_text")} {...text} />;
}
