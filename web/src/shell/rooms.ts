import type { TextKey } from "@/words/texts";

export interface RoomLink {
  to: string;
  text: TextKey;
}

/** The rooms in the order a reader looks for them. */
export const ROOMS: readonly { group: TextKey | null; links: readonly RoomLink[] }[] = [
  { group: null, links: [{ to: "/overview", text: "room_overview" }] },
  {
    group: "group_maps",
    links: [
      { to: "/maps", text: "room_maps" },
      { to: "/personas", text: "room_personas" },
      { to: "/interviews", text: "room_interviews" },
      { to: "/surveys", text: "room_surveys" },
      { to: "/reviews", text: "room_reviews" },
    ],
  },
  {
    group: "group_data",
    links: [
      { to: "/accounts", text: "room_accounts" },
      { to: "/segments", text: "room_segments" },
      { to: "/journeys", text: "room_journeys" },
      { to: "/blockers", text: "room_blockers" },
      { to: "/attribution", text: "room_attribution" },
      { to: "/content", text: "room_content" },
      { to: "/searches", text: "room_searches" },
      { to: "/buying-centers", text: "room_centers" },
      { to: "/changes", text: "room_changes" },
    ],
  },
  {
    group: "group_workspace",
    links: [
      { to: "/sources", text: "room_sources" },
      { to: "/settings", text: "room_settings" },
    ],
  },
];
