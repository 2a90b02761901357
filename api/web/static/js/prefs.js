// What this citizen prefers, kept by the browser. Looks are in a cookie too, so the server renders them without a flash.
const KEY = "wenban.view";
const YEAR = 365 * 86400;
export const SIZES = [18, 22, 26, 30, 34];
export const RATE = { least: 0.6, most: 1.5, step: 0.15, elder: 0.85, standard: 1 };
export const VOLUME = { least: 0.4, most: 1, step: 0.2, first: 0.8 };
const root = document.documentElement;

function load() {
  try { return JSON.parse(localStorage.getItem(KEY)) || {}; } catch { return {}; }
}

const kept = load();

function save() {
  try { localStorage.setItem(KEY, JSON.stringify(kept)); } catch { /* private window: the cookies still remember */ }
}

export function cookie(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Max-Age=${YEAR}; Path=/; SameSite=Lax${secure}`;
}

export const isElder = () => root.dataset.mode === "elder";
export const calm = () => root.dataset.motion === "less" || matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The looks of the page: {size, theme, motion}. */
export function looks() {
  return { size: Number(root.dataset.size), theme: root.dataset.theme, motion: root.dataset.motion };
}

export function setLooks(changes) {
  Object.assign(kept, changes);
  Object.assign(root.dataset, changes);
  const { size, theme, motion } = looks();
  cookie("wenban_view", `${size}-${theme}-${motion}`);
  save();
}

/** After the cookie was lost, or for a page that the server could not know: what this browser remembers. */
export function restoreLooks() {
  const changes = Object.fromEntries(["size", "theme", "motion"].filter((name) => kept[name]).map((name) => [name, kept[name]]));
  const now = looks();
  if (Object.entries(changes).some(([name, value]) => String(now[name]) !== String(value))) setLooks(changes);
}

export const voice = {
  get rate() { return kept.rate ?? (isElder() ? RATE.elder : RATE.standard); },
  get volume() { return kept.volume ?? VOLUME.first; },
  get auto() { return kept.auto ?? true; },
  set(changes) {
    Object.assign(kept, changes);
    save();
    document.dispatchEvent(new Event("wenban:voice"));
  },
};
