import { effect } from "@preact/signals";
import { render } from "preact";
import { type Cast, Stage } from "./stage.ts";
import { surroundings } from "./surroundings.ts";
import { Page } from "./view/page.tsx";

/** Set while a sign-in is under way, so that the page can say what became of it when it is loaded again. */
const UNDERWAY = "sign-in-underway";

const cast = new URLSearchParams(location.search).get("device");
const stage = new Stage(new URL("..", location.href).href.replace(/\/$/, ""), {
  cast: isCast(cast) ? cast : "both",
  shows: "new",
  profile: "msc",
  waiting: "hold",
  accessToken: "",
});
// What became of the sign-in is told at the top.
history.scrollRestoration = "manual";
const wasUnderway = sessionStorage.getItem(UNDERWAY) !== null;

effect(() => {
  if (stage.underway.value) sessionStorage.setItem(UNDERWAY, "");
  else sessionStorage.removeItem(UNDERWAY);
});
// Whoever loads the page again, or shares its address, finds the same devices on it.
effect(() => {
  const { cast: chosen } = stage.settings.value;
  history.replaceState(null, "", chosen === "both" ? location.pathname : `?device=${chosen}`);
});
// The keys are in this page's memory only: without it, the sign-in cannot go on, and the other device need not wait.
addEventListener("pagehide", () => stage.attempt.value.abandon());
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) stage.startOver();
});

const root = document.querySelector("#page");
if (root) {
  void stage.ask();
  render(<Page stage={stage} surroundings={await surroundings()} wasUnderway={wasUnderway} />, root);
}

function isCast(text: string | null): text is Cast {
  return text === "both" || text === "new" || text === "existing";
}
