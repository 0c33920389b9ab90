import { Loader } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useWords } from "@/words/i18n";
import { Fault } from "@/wire/faults";
import { AsOfUnbuilt, isUnbuiltAsOf } from "./AsOfUnbuilt";
import { FaultNote } from "./FaultNote";
import "./states.css";

export { FaultNote };

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
  if (isUnbuiltAsOf(of.error)) return <AsOfUnbuilt error={of.error} />;
  if (of.error) return <FaultNote error={of.error} again={() => void of.refetch()} />;
  return <Waiting />;
}
