import { Button } from "@mantine/core";
import { useWords } from "@/words/i18n";
import { Fault } from "@/wire/faults";
import "./states.css";

/** A fault as the house tells it: what is wrong, where, what to do next. */
export function FaultNote({ error, again }: { error: unknown; again?: () => void }) {
  const { t } = useWords();
  const fault = error instanceof Fault ? error : null;
  const parts = fault?.parts;
  const all = parts?.faults?.length ? parts.faults : parts ? [parts] : [];
  const unreachable = fault?.status === 0;
  return (
    <div className="fault" role="alert">
      {all.map((one, at) => (
        <div key={at}>
          <p className="strong">{one.what || (unreachable ? t("unreachable") : t("went_wrong"))}</p>
          {one.where && <p className="muted small">{one.where}</p>}
          <p>{one.do_next || (unreachable ? t("unreachable_next") : one.what ? "" : t("went_wrong_next"))}</p>
        </div>
      ))}
      {!fault && <p className="strong">{error instanceof Error ? error.message : t("went_wrong")}</p>}
      {again && (
        <Button onClick={again} mt={8}>
          {t("try_again")}
        </Button>
      )}
    </div>
  );
}
