import { Button, CopyButton, NumberInput, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Section } from "@/parts/Page";
import { FaultNote } from "@/parts/States";
import { post } from "@/wire/api";
import { useWords } from "@/words/i18n";

/** How a survey reaches those who are asked: one address for all, or links that work once. */
export function Links({ slug, isPublic, onMade }: { slug: string; isPublic: boolean; onMade: () => void }) {
  const { t } = useWords();
  const [count, setCount] = useState<number | string>(10);
  const make = useMutation({ mutationFn: () => post<{ links: string[] }>("/api/v1/surveys/{id}/links", { count: Number(count) || 1 }, { path: { id: slug } }), onSuccess: onMade });
  const links = (make.data?.links ?? []).map((path) => new URL(path, location.origin).href).join("\n");
  const there = `${location.origin}/s/${slug}`;
  return (
    <Section title={t("share_survey")}>
      {isPublic && (
        <p className="row">
          <span>{t("public_address")} <a href={there} target="_blank" rel="noreferrer">{there}</a></span>
          <CopyButton value={there}>{({ copied, copy }) => <button type="button" className="link small" onClick={copy}>{copied ? t("copied") : t("copy")}<span className="hidden"> {there}</span></button>}</CopyButton>
        </p>
      )}
      <div className="row">
        <NumberInput label={t("one_time_links")} min={1} max={1000} value={count} onChange={setCount} w={140} />
        <Button mt={18} onClick={() => make.mutate()} loading={make.isPending}>{t("make_links")}</Button>
        {links && <CopyButton value={links}>{({ copied, copy }) => <Button mt={18} onClick={copy}>{copied ? t("copied") : t("copy")}</Button>}</CopyButton>}
      </div>
      {make.error && <FaultNote error={make.error} />}
      {links && <Textarea aria-label={t("one_time_links")} description={t("the_link_once")} value={links} readOnly autosize maxRows={8} />}
    </Section>
  );
}
