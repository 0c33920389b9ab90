import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect, retainSearchParams } from "@tanstack/react-router";
import { FILTERS } from "@/parts/filters";
import { FaultNote, Waiting } from "@/parts/States";
import { Shell } from "./Shell";
import { NotFound } from "./NotFound";

type Search = Record<string, string | undefined>;

/** Any text may stand in the URL; each room reads what it knows. The filters stay while one walks from room to room. */
const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  errorComponent: ({ error, reset }) => (
    <div className="page">
      <FaultNote error={error} again={reset} />
    </div>
  ),
  validateSearch: (search: Record<string, unknown>): Search => search as Search,
  search: { middlewares: [retainSearchParams([...FILTERS])] },
});

const room = <P extends string>(path: P, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => root, path, component });

const analyses = lazyRouteComponent(() => import("@/rooms/analyses/AnalysisRoom"));
const analysisRoom = <P extends string>(path: P) => room(path, analyses);

const tree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: "/", beforeLoad: () => { throw redirect({ to: "/overview" }); } }),
  room("/overview", lazyRouteComponent(() => import("@/rooms/overview/OverviewRoom"))),
  room("/maps", lazyRouteComponent(() => import("@/rooms/maps/MapsRoom"))),
  room("/maps/$slug", lazyRouteComponent(() => import("@/rooms/maps/MapRoom"))),
  room("/personas", lazyRouteComponent(() => import("@/rooms/personas/PersonasRoom"))),
  room("/personas/$slug", lazyRouteComponent(() => import("@/rooms/personas/PersonaRoom"))),
  room("/interviews", lazyRouteComponent(() => import("@/rooms/interviews/InterviewsRoom"))),
  room("/interviews/$slug", lazyRouteComponent(() => import("@/rooms/interviews/InterviewRoom"))),
  room("/surveys", lazyRouteComponent(() => import("@/rooms/surveys/SurveysRoom"))),
  room("/surveys/$slug", lazyRouteComponent(() => import("@/rooms/surveys/SurveyRoom"))),
  room("/reviews", lazyRouteComponent(() => import("@/rooms/reviews/ReviewsRoom"))),
  room("/reviews/$slug", lazyRouteComponent(() => import("@/rooms/reviews/ReviewRoom"))),
  room("/accounts", lazyRouteComponent(() => import("@/rooms/accounts/AccountsRoom"))),
  room("/segments", lazyRouteComponent(() => import("@/rooms/segments/SegmentsRoom"))),
  room("/accounts/$id", lazyRouteComponent(() => import("@/rooms/accounts/AccountRoom"))),
  analysisRoom("/journeys"),
  analysisRoom("/blockers"),
  analysisRoom("/attribution"),
  analysisRoom("/content"),
  analysisRoom("/searches"),
  analysisRoom("/buying-centers"),
  analysisRoom("/changes"),
  room("/sources", lazyRouteComponent(() => import("@/rooms/sources/SourcesRoom"))),
  room("/settings", lazyRouteComponent(() => import("@/rooms/settings/SettingsRoom"))),
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: "intent",
  defaultPendingComponent: () => <div className="page"><Waiting /></div>,
  defaultPendingMs: 300,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
