import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@fontsource-variable/inter/index.css";
import "@/theme/tokens.css";
import "@/theme/base.css";
import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "@/words/i18n";
import { mantine } from "@/theme/mantine";
import { Fault } from "@/wire/faults";
import { router } from "@/shell/router";

const schemes = localStorageColorSchemeManager({ key: "etappe.colours" });
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      // What the server refuses it refuses again; only a broken connection is tried anew.
      retry: (times, error) => times < 2 && error instanceof Fault && error.status === 0,
    },
  },
});
// A session that ended shows the door again.
queries.getQueryCache().subscribe((event) => {
  const error = event.type === "updated" && event.query.state.error;
  if (error instanceof Fault && error.status === 401 && event.query.queryKey[0] !== "session") void queries.invalidateQueries({ queryKey: ["session"] });
});

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <MantineProvider theme={mantine} colorSchemeManager={schemes} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-left" autoClose={6000} />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
