import { Button } from "@mantine/core";
import { useEffect, type ReactNode } from "react";
import { useWords } from "@/words/i18n";
import { FilterBar } from "./FilterBar";
import type { FilterName } from "./filters";
import "./page.css";
import "./table.css";

interface Props {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  filters?: readonly FilterName[] | boolean;
  wide?: boolean;
  children: ReactNode;
}

/** A room's page: its title, what it answers, what can be done, and the filters it obeys. */
export function Page({ title, about, actions, filters, wide, children }: Props) {
  const { t } = useWords();
  useTitle(title);
  return (
    <div className={`page${wide ? " page-wide" : ""}`}>
      <header className="page-head">
        <div className="grow">
          <h1>{title}</h1>
          {about && <p className="muted">{about}</p>}
        </div>
        <div className="row noprint">
          {actions}
          <Button variant="subtle" onClick={() => window.print()}>{t("print")}</Button>
        </div>
      </header>
      {filters && <FilterBar names={filters === true ? undefined : filters} />}
      {children}
    </div>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · etappe` : "etappe";
  }, [title]);
}

/** A part of a page with its own heading. */
export function Section({ title, about, actions, children }: { title: string; about?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className="section">
      <header className="row">
        <div className="grow">
          <h2>{title}</h2>
          {about && <p className="muted">{about}</p>}
        </div>
        {actions}
      </header>
      {children}
    </section>
  );
}
