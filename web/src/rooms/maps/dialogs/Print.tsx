import { Button, Checkbox, Radio, Select } from "@mantine/core";
import { useEffect, useState } from "react";
import { Dialog } from "@/parts/Dialog";
import { FaultNote, Waiting } from "@/parts/States";
import { address } from "@/wire/api";
import { faultOf } from "@/wire/faults";
import { useWords, type Language } from "@/words/i18n";
import { useScreen } from "../screen/context";

/** How the map is printed, with the sheet to be seen before it is fetched. */
export function Print({ slug, onClose }: { slug: string; onClose: () => void }) {
  const { t, language } = useWords();
  const { personas } = useScreen().document;
  const [format, setFormat] = useState("pdf");
  const [pages, setPages] = useState("wide");
  const [speech, setSpeech] = useState<Language>(language);
  const [verdicts, setVerdicts] = useState(true);
  const options = { language: speech, paper: format === "pdf" ? pages : undefined, view: verdicts ? "evidence" : "design" };
  const there = (as: string) => address("/api/v1/maps/{slug}/export", { path: { slug }, query: { ...options, format: as } });
  const preview = there("svg");
  return (
    <Dialog onClose={onClose} title={t("print")} size="90%">
      <div className="print-dialog">
        <div className="stack">
          <Select label={t("format")} data={[{ value: "pdf", label: "PDF" }, { value: "pptx", label: "PowerPoint" }, { value: "xlsx", label: "Excel" }, { value: "html", label: "HTML" }, { value: "svg", label: "SVG" }, { value: "png", label: "PNG" }, { value: "yaml", label: "YAML" }, { value: "csv", label: "CSV" }]} value={format} onChange={(value) => value && setFormat(value)} data-autofocus />
          {format === "pdf" && (
            <Radio.Group label={t("pages")} value={pages} onChange={setPages}>
              <div className="stack" style={{ gap: 6, marginTop: 6 }}>
                <Radio value="wide" label={t("one_wide_page")} />
                <Radio value="a4" label={t("tiled", { size: "A4" })} />
                <Radio value="a3" label={t("tiled", { size: "A3" })} />
              </div>
            </Radio.Group>
          )}
          <Select label={t("language")} data={[{ value: "de", label: "Deutsch" }, { value: "en", label: "English" }]} value={speech} onChange={(value) => value && setSpeech(value as Language)} />
          <Checkbox label={t("with_verdicts")} checked={verdicts} onChange={(event) => setVerdicts(event.currentTarget.checked)} />
          <div className="row">
            <Button component="a" variant="filled" href={there(format)} download={`${slug}.${format}`}>{t("download")}</Button>
          </div>
          <div className="section">
            <h3>{t("journey_report")}</h3>
            <p className="muted small">{t("journey_report_about")}</p>
            <div className="row">
              {["pdf", "pptx", "html"].map((one) => <a key={one} download href={address("/api/v1/maps/{slug}/report", { path: { slug }, query: { format: one, language: speech } })}>{one === "pptx" ? "PowerPoint" : one.toUpperCase()}</a>)}
            </div>
          </div>
          {(personas?.length ?? 0) > 0 && (
            <div className="section">
              <h3>{t("personas_report")}</h3>
              <p className="muted small">{t("personas_report_about")}</p>
              <div className="row">
                {["pdf", "png", "svg", "html"].map((one) => <a key={one} download href={address("/api/v1/maps/{slug}/personas", { path: { slug }, query: { format: one, language: speech } })}>{one.toUpperCase()}</a>)}
              </div>
            </div>
          )}
        </div>
        <Preview source={preview} />
      </div>
    </Dialog>
  );
}

function Preview({ source }: { source: string }) {
  const { t } = useWords();
  const [state, setState] = useState<{ url: string } | { fault: unknown } | null>(null);
  useEffect(() => {
    let url = "";
    const stop = new AbortController();
    setState(null);
    fetch(source, { signal: stop.signal })
      .then(async (answer) => {
        if (!answer.ok) throw faultOf(answer.status, await answer.json().catch(() => null));
        url = URL.createObjectURL(await answer.blob());
        setState({ url });
      })
      .catch((fault: unknown) => !stop.signal.aborted && setState({ fault }));
    return () => {
      stop.abort();
      if (url) URL.revokeObjectURL(url);
    };
  }, [source]);
  return (
    <div className="print-preview" tabIndex={0} role="region" aria-label={t("preview")}>
      {state === null ? <Waiting words={t("preview_waits")} /> : "url" in state ? <img src={state.url} alt={t("preview")} /> : <FaultNote error={state.fault} />}
    </div>
  );
}
