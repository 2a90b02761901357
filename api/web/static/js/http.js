// Requests to our own server; every failure is an HttpError with a sentence for people.
import { S } from "./strings.js";

export class HttpError extends Error {
  constructor(message, status = 0, code = "") {
    super(message);
    this.status = status;
    this.code = code;
  }
}

async function request(url, options, timeout) {
  let response;
  try {
    response = await fetch(url, { ...options, signal: AbortSignal.timeout(timeout) });
  } catch {
    throw new HttpError(navigator.onLine === false ? S.offline : S.serverError);
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new HttpError(problem.message || S.serverError, response.status, problem.code);
}

const json = (body) => ({
  method: "POST",
  headers: { "Content-Type": "application/json", Accept: "application/json" },
  body: JSON.stringify(body),
});

export const postJson = async (url, body, timeout = 30000) => (await request(url, json(body), timeout)).json();
export const post = (url, body, timeout = 30000) => request(url, json(body), timeout);
export const postForm = (url, fields) =>
  request(url, { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(fields) }, 10000);
export function postFile(url, name, blob, filename, timeout = 60000) {
  const body = new FormData();
  body.append(name, blob, filename);
  return request(url, { method: "POST", headers: { Accept: "application/json" }, body }, timeout).then((response) => response.json());
}
export const getJson = async (url, timeout = 5000) => (await request(url, {}, timeout)).json();
export const getText = async (url, timeout = 10000) => (await request(url, {}, timeout)).text();
