// The receipt: copy its number, put the appointment into the citizen's own calendar.
import { S } from "./strings.js";
import { toast } from "./toast.js";

async function copyNumber(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    toast(S.copied);
  } catch {
    getSelection().selectAllChildren(button.closest(".receipt-number").querySelector("strong"));
    toast(S.copyFailed);
  }
}

const escapeText = (text) => text.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");

/** "2026-11-23T09:00[:00]" → "20261123T090000" (local time); a bare date → "20261123". */
function stamp(value) {
  const digits = value.replace(/[-:]/g, "").replace(" ", "T").slice(0, 15);
  return /^\d{8}T\d{4}$/.test(digits) ? `${digits}00` : digits;
}

function stampLine(name, value) {
  const when = stamp(value);
  return when.length === 8 ? `${name};VALUE=DATE:${when}` : `${name}:${when}`;
}

export function calendarText(event, number) {
  const now = new Date().toISOString().replace(/[-:]/g, "").slice(0, 15);
  const lines = [
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Wenban//ZH", "BEGIN:VEVENT",
    `UID:${number}@wenban`, `DTSTAMP:${now}Z`, stampLine("DTSTART", event.start),
    ...(event.end ? [stampLine("DTEND", event.end)] : []),
    `SUMMARY:${escapeText(event.title || event.summary || S.calendarName)}`,
    ...(event.location || event.place ? [`LOCATION:${escapeText(event.location || event.place)}`] : []),
    ...(event.description ? [`DESCRIPTION:${escapeText(event.description)}`] : []),
    "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT2H", `DESCRIPTION:${escapeText(event.title || S.calendarName)}`, "END:VALARM",
    "END:VEVENT", "END:VCALENDAR",
  ];
  return `${lines.join("\r\n")}\r\n`;
}

function saveCalendar(button) {
  const number = button.closest(".card").querySelector("[data-receipt]").textContent;
  const blob = new Blob([calendarText(JSON.parse(button.dataset.calendar), number)], { type: "text/calendar" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${number}.ics`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

export function startReceipts() {
  document.getElementById("log").addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-calendar]");
    if (button?.dataset.copy) copyNumber(button);
    else if (button) saveCalendar(button);
  });
}
