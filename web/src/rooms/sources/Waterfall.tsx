import { useWords } from "@/words/i18n";
import { number } from "@/words/numbers";
import type { Built } from "./SourcesRoom";

/** From received to used, to scale: what came twice, what is internal, what nobody is known for. */
export function Waterfall({ build }: { build: Built }) {
  const { t, language } = useWords();
  const received = Math.max(build.events + build.duplicates, 1);
  const parts: [string, number, number, "all" | "out" | "used"][] = [
    [t("received"), 0, received, "all"],
    [t("came_twice"), build.events, build.duplicates, "out"],
    [t("internal"), build.events - build.internal, build.internal, "out"],
    [t("unresolved_events"), build.steps, build.unresolved, "out"],
    [t("in_journeys"), 0, build.steps, "used"],
  ];
  return (
    <dl className="waterfall">
      {parts.map(([name, from, size, kind]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <span className="waterfall-track" aria-hidden="true">
              <span className={`waterfall-bar waterfall-${kind}`} style={{ marginLeft: `${(100 * from) / received}%`, width: `max(2px, ${(100 * size) / received}%)` }} />
            </span>
            <span className="waterfall-n">{kind === "out" ? "−" : ""}{number(size, language)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
