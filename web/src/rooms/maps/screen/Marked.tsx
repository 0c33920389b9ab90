import { Button, Menu } from "@mantine/core";
import { useWords } from "@/words/i18n";
import { newId, setOf } from "@/parts/documents/changes";
import { PROVENANCES, type Card } from "../model/types";
import { useScreen } from "./context";

/** What can be done with the cards that were taken together. */
export function Marked({ cards, onMove, onDone }: { cards: Card[]; onMove: () => void; onDone: () => void }) {
  const { t } = useWords();
  const screen = useScreen();
  const all = (make: (card: Card) => Parameters<typeof screen.edit>[0]) => {
    screen.edit({ do: "several", changes: cards.map(make) });
    onDone();
  };
  return (
    <div className="marked noprint" role="toolbar" aria-label={t("marked_n", { n: cards.length })}>
      <span className="strong" role="status">{t("marked_n", { n: cards.length })}</span>
      {screen.mayEdit && (
        <>
          <Button onClick={onMove}>{t("move_to")}</Button>
          <Menu position="top-start">
            <Menu.Target><Button>{t("source_of_cards")}</Button></Menu.Target>
            <Menu.Dropdown>
              {PROVENANCES.map((one) => <Menu.Item key={one} onClick={() => all((card) => setOf("cards", card.id, "provenance", one))}>{t(`provenance_${one}`)}</Menu.Item>)}
            </Menu.Dropdown>
          </Menu>
          <Button onClick={() => all((card) => ({ do: "add", collection: "cards", thing: { ...card, id: newId("c"), order: `${card.order ?? ""}1` } }))}>{t("duplicate")}</Button>
          <Button color="contradicted" onClick={() => all((card) => ({ do: "remove", collection: "cards", id: card.id }))}>{t("remove")}</Button>
        </>
      )}
      <Button onClick={onDone}>{t("unmark")}</Button>
    </div>
  );
}
