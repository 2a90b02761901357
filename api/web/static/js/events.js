// News of one's matters, pushed into the open conversation. Without WebSocket the page works as before.
import { addNotice } from "./log.js";

const FIRST = 2000;
const LONGEST = 120000;
const badge = document.getElementById("unread");
const seen = new Set([...document.querySelectorAll("[data-notice]")].map((node) => node.dataset.notice));
let pause = FIRST;

function count(unread) {
  if (!badge) return;
  badge.hidden = !unread;
  badge.querySelector("[data-count]").textContent = unread > 99 ? "99+" : String(unread);
}

function take(event) {
  const news = JSON.parse(event.data);
  if (news.type === "unread") {
    count(news.count);
    news.notices.forEach((notice) => seen.add(String(notice.id)));
  }
  if (news.type !== "notice" || seen.has(String(news.notice.id))) return;
  seen.add(String(news.notice.id));
  count(news.unread);
  addNotice(news.notice.html);
}

function open() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${location.host}/chat/events`);
  let refused = false;
  socket.addEventListener("message", (event) => { pause = FIRST; take(event); });
  socket.addEventListener("close", (event) => {
    refused = event.code >= 4400 && event.code < 4500 && event.code !== 4429;
    if (refused) return;
    setTimeout(open, pause * (0.5 + Math.random()));
    pause = Math.min(pause * 2, LONGEST);
  });
}

let started = false;
export function startEvents() {
  const start = () => {
    if (started || !("WebSocket" in window)) return;
    started = true;
    open();
  };
  // The conversation's cookie is there once something has been said; before, nothing can be told.
  if (document.querySelector("#log .turn") || badge) start();
  document.addEventListener("wenban:reply", start);
}
