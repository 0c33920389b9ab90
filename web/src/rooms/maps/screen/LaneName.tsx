import { Menu } from "@mantine/core";
import { useWords } from "@/words/i18n";
import { LANES, laneKind } from "@/words/terms";
import { newId, setOf } from "@/parts/documents/changes";
import { said, sorted } from "@/parts/documents/things";
import type { Lane } from "../model/types";
import { useScreen } from "./context";
import { orderAt } from "./StageHead";
import { useRename } from "./useRename";

/** The name of a lane at the left, with what belongs in it and what can be done to it. */
export function LaneName({ lane, rows }: { lane: Lane; rows: number }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const kind = laneKind(lane.kind ?? "own");
  const title = said(lane, "title", language) || kind.title[language];
  const about = lane.kind === "feelings" ? t("curve_about") : "";
  const lanes = sorted(screen.document.lanes);
  const at = lanes.findIndex((one) => one.id === lane.id);
  const others = lanes.filter((one) => one.id !== lane.id);
  const move = (index: number) => screen.edit({ do: "move", collection: "lanes", id: lane.id, to: { order: orderAt(others, index) } });
  const [field, rename] = useRename(title, t("lane_title"), (text, since) => screen.editSince(since, setOf("lanes", lane.id, "title", text)));
  return (
    <div className="lane-name" role="rowheader" style={rows > 1 ? { gridRow: "1 / span 2" } : undefined}>
      {/* The menu goes while one writes: it would take the focus back when it closes, and end the writing. */}
      {field ?? (
        <span className="row nowrap-row">
          <span className="lane-title grow" title={kind.asks[language]}>{title}</span>
          {screen.mayEdit && (
            <Menu position="bottom-start">
              <Menu.Target>
                <button type="button" className="dots" aria-label={t("lane_menu", { name: title })}>⋯</button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={rename}>{t("rename")}</Menu.Item>
                <Menu.Item disabled={at <= 0} onClick={() => move(at - 1)}>{t("move_up")}</Menu.Item>
                <Menu.Item disabled={at >= lanes.length - 1} onClick={() => move(at + 1)}>{t("move_down")}</Menu.Item>
                <Menu.Item onClick={() => screen.edit(setOf("lanes", lane.id, "hidden", !lane.hidden))}>{lane.hidden ? t("show_lane") : t("hide_lane")}</Menu.Item>
                <Menu.Sub>
                  <Menu.Sub.Target>
                    <Menu.Sub.Item>{t("add_lane_after")}</Menu.Sub.Item>
                  </Menu.Sub.Target>
                  <Menu.Sub.Dropdown>
                    {LANES.map((one) => (
                      <Menu.Item key={one.id} onClick={() => screen.edit({ do: "add", collection: "lanes", thing: { id: newId("l"), kind: one.id, title: one.title[language], order: orderAt(lanes, at + 1) } })}>
                        {one.title[language]}
                      </Menu.Item>
                    ))}
                  </Menu.Sub.Dropdown>
                </Menu.Sub>
                <Menu.Divider />
                <Menu.Item color="contradicted" onClick={() => screen.edit({ do: "remove", collection: "lanes", id: lane.id })}>{t("remove")}</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )}
        </span>
      )}
      {about && <span className="lane-about">{about}</span>}
    </div>
  );
}
