import { Drawer, Menu, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useDisclosure, useHotkeys, useMediaQuery } from "@mantine/hooks";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { FigureTip } from "@/parts/FigureView";
import { FaultNote, Waiting } from "@/parts/States";
import { choose, useSession, useSign, type Session } from "@/wire/session";
import { useVocabulary } from "@/wire/vocabulary";
import { kept, speak, useWords } from "@/words/i18n";
import { ROOMS } from "./rooms";
import { SignIn } from "./SignIn";
import "./shell.css";

const OwnPassword = lazy(() => import("./OwnPassword").then((found) => ({ default: found.OwnPassword })));
const Palette = lazy(() => import("./Palette").then((found) => ({ default: found.Palette })));
const MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The frame of the page: rooms at the left, language and person at the top. Who is not signed in signs in first. */
export function Shell() {
  const session = useSession();
  const told = session.data?.language;
  useEffect(() => {
    if (told && !kept()) speak(told);
  }, [told]);
  if (session.isPending) return <div className="page"><Waiting /></div>;
  if (session.error) return <div className="page"><FaultNote error={session.error} again={() => void session.refetch()} /></div>;
  if (!session.data.user) return <SignIn session={session.data} />;
  return <Frame session={session.data} />;
}

function Frame({ session }: { session: Session }) {
  const { t, language } = useWords();
  const path = useLocation({ select: (location) => location.pathname });
  const onMap = /^\/maps\/./.test(path);
  const wide = useMediaQuery("(min-width: 1100px)", true);
  const [open, drawer] = useDisclosure(false);
  const { close } = drawer;
  const guest = Boolean(session.guest);
  const [asking, palette] = useDisclosure(false);
  useHotkeys([["mod+K", () => !guest && palette.toggle()]], []);
  const words = useVocabulary(!guest);
  useEffect(close, [path, close]);
  const inSight = wide && !onMap && !guest;
  return (
    <FigureTip>
      <a href="#main" className="skip">{t("skip")}</a>
      <header className="head noprint">
        {!inSight && !guest && (
          <button type="button" className="head-button" aria-expanded={open} onClick={drawer.toggle}>
            {t("rooms")}
          </button>
        )}
        <Link to="/overview" className="brand" aria-label="etappe">
          <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="5" /></svg>
          etappe
        </Link>
        {session.company && <span className="muted company">{session.company}</span>}
        <span className="grow" />
        {!guest && (
          <button type="button" className="head-button head-search" onClick={palette.open}>
            {t("commands_open")} <kbd aria-hidden="true">{MAC ? "⌘K" : language === "de" ? "Strg K" : "Ctrl K"}</kbd>
          </button>
        )}
        <Languages />
        <Person session={session} />
      </header>
      <div className={`frame${inSight ? " frame-nav" : ""}`}>
        {inSight && <Navigation />}
        <Drawer opened={open && !inSight} onClose={drawer.close} size={240} title={t("rooms")} closeButtonProps={{ "aria-label": t("close") }}>
          <Navigation />
        </Drawer>
        <main id="main" className="main" tabIndex={-1}>
          {words.isPending && !guest ? <div className="page"><Waiting /></div> : <Outlet />}
          <div id="overlays" />
        </main>
      </div>
      {asking && <Suspense><Palette onClose={palette.close} /></Suspense>}
    </FigureTip>
  );
}

function Navigation() {
  const { t } = useWords();
  return (
    <nav className="nav" aria-label={t("rooms")}>
      {ROOMS.map(({ group, links }) => (
        <div key={group ?? "top"} className="nav-group">
          {group && <p className="nav-title">{t(group)}</p>}
          {links.map((link) => (
            <Link key={link.to} to={link.to} className="nav-link" activeProps={{ className: "nav-link nav-here", "aria-current": "page" }}>
              {t(link.text)}
            </Link>
          ))}
        </div>
      ))}
    </nav>
  );
}

function Languages() {
  const { t, language } = useWords();
  return (
    <div className="switch" role="group" aria-label={t("language")}>
      {(["de", "en"] as const).map((one) => (
        <button key={one} type="button" lang={one} aria-pressed={language === one} onClick={() => choose(one)}>
          {one.toUpperCase()}
        </button>
      ))}
    </div>
  );
}

function Person({ session }: { session: Session }) {
  const { t } = useWords();
  const sign = useSign();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const user = session.user;
  const name = user ? user.shown || user.name : t("guest");
  const [renewing, setRenewing] = useState(false);
  const initials = user?.initials ?? name.split(/\s+/).map((part) => part.charAt(0)).slice(0, 2).join("").toUpperCase();
  return (
    <>
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className="initials" aria-label={`${initials}: ${t("account_menu", { name })}`}>
          {initials}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {name}
          {` · ${t(`role_${user?.role ?? "guest"}`)}`}
        </Menu.Label>
        <Menu.Item onClick={() => setColorScheme(scheme === "dark" ? "light" : "dark")}>{scheme === "dark" ? t("go_light") : t("go_dark")}</Menu.Item>
        <Menu.Item onClick={() => setColorScheme("auto")}>{t("go_auto")}</Menu.Item>
        <Menu.Divider />
        {session.signin?.password && user && !session.guest && <Menu.Item onClick={() => setRenewing(true)}>{t("change_password")}</Menu.Item>}
        <Menu.Item onClick={() => void sign.out()}>{t("sign_out")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
    {renewing && <Suspense fallback={null}><OwnPassword onClose={() => setRenewing(false)} /></Suspense>}
    </>
  );
}
