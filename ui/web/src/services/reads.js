// What is asked of the till beside the live socket: devices, a receipt, a day gone by, older events, sign-ins.
// It must not know the state; failures are ApiErrors, as of the other calls.
import { call, post } from "./api.js";

export const devicesPath = "/api/dashboard/devices/";
export const devicePath = (id) => `/api/dashboard/devices/${id}/`;
export const receiptPath = (id) => `/api/receipts/${encodeURIComponent(id)}/`;
export const dayPath = (day) => `/api/dashboard/history/?day=${day}`;
export const alertsPath = "/api/alerts/?limit=50";
export const retryPath = (id) => `/api/devices/${id}/retry/`;
export const sessionsPath = "/api/auth/sessions/";

export const read = (path) => call(path);

/** The events before a sequence number: {items, next}, oldest first. */
export const eventsBefore = (seq, limit = 100) => call(`/api/dashboard/events/?before=${seq}&limit=${limit}`);

/** Ends one session, or with null all of them. */
export const endSessions = (id, csrfToken) => post("/api/auth/sessions/end/", { id }, csrfToken);

/** Somebody looks after an alert; it is not repeated. */
export const acknowledge = (id, csrfToken) => post(`/api/alerts/${encodeURIComponent(id)}/acknowledge/`, {}, csrfToken);

/** Where the day's receipts can be had as a spreadsheet. */
export const exportPath = (day) => `/api/dashboard/export/receipts.csv?since=${day}&until=${day}`;
