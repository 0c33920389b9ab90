import { Button, Loader } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
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

/** An empty place that says what to do. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children && <p className="muted">{children}</p>}
      {action && <div className="row">{action}</div>}
    </div>
  );
}

export function Waiting({ words }: { words?: string }) {
  const { t } = useWords();
  return (
    <div className="waiting" role="status">
      <Loader size="xs" color="accent" />
      <span className="muted">{words ?? t("loading")}</span>
    </div>
  );
}

/** Nothing is built yet: no fault, but a place where the evidence is still to come. */
const isUnbuilt = (error: unknown) => error instanceof Fault && error.status === 409 && error.parts.code === "workspace" && !error.parts.where;

function Unbuilt() {
  const { t } = useWords();
  return <Empty title={t("no_build")} action={<a href="/sources">{t("room_sources")}</a>}>{t("no_answers_next")}</Empty>;
}

/** What a query has to say while it loads and when it fails; else its answer. */
export function Answer<T>({ of, children }: { of: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (isUnbuilt(of.error)) return <Unbuilt />;
  if (of.error) return <FaultNote error={of.error} again={() => void of.refetch()} />;
  return <Waiting />;
}
