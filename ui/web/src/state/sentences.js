// One plain sentence for each event, in our own words. Pure; knows no component.
// Text that came from outside is only ever placed inside a string that ends up in a text node.
import { UNKNOWN, money, numberOf, plural } from "../format.js";

const DOCUMENTS = { FiscalInvoice: "Receipt", CreditNote: "Credit note", DebitNote: "Debit note" };

function documentOf(data) {
  const noun = DOCUMENTS[data.receiptType] ?? "Receipt";
  return numberOf(data.receiptGlobalNo) === null ? noun : `${noun} ${data.receiptGlobalNo}`;
}

/** Receipt numbers count per device, so a receipt is named with its device. */
function which(event) {
  const id = event.deviceID ?? event.data.deviceID;
  return [event.data.invoiceNo, id && `device ${id}`].filter(Boolean).map((part) => ` · ${part}`).join("");
}

function device(event) {
  const id = event.deviceID ?? event.data?.deviceID;
  return id === null || id === undefined ? "A device" : `Device ${id}`;
}

function because(text) {
  return text ? `: ${text}` : "";
}

function firstError(data) {
  const error = Array.isArray(data.validationErrors) ? data.validationErrors[0] : undefined;
  return error ? withCode(error.advice, error.code) : "";
}

/** The plain words first, the code behind them for support. */
function withCode(words, code) {
  if (!words) return code ?? "";
  return code ? `${words} (${code})` : words;
}

function completed(event) {
  const { data } = event;
  const warning = firstError(data);
  return {
    level: warning ? "attention" : "ok",
    icon: warning ? "attention" : data.receiptType === "CreditNote" ? "return" : "check",
    sentence: warning
      ? `${documentOf(data)} accepted with a warning: ${warning}${which(event)}`
      : `${documentOf(data)} accepted${which(event)}`,
    amount: money(data.receiptCurrency, data.receiptTotal),
    repeat: null,
  };
}

function failed(event) {
  const { data } = event;
  return {
    level: "failed",
    icon: "failed",
    sentence: `${documentOf(data)} refused by FDMS${because(firstError(data) || data.reason)}${which(event)}`,
    amount: money(data.receiptCurrency, data.receiptTotal),
    repeat: null,
  };
}

function queued(event) {
  const { data } = event;
  return {
    level: "attention",
    icon: "waiting",
    sentence: `${documentOf(data)} waits for FDMS${because(data.reason)}${which(event)}`,
    amount: money(data.receiptCurrency, data.receiptTotal),
    repeat: `queued ${event.deviceID} ${data.reason ?? ""}`,
    repeated: (times) => `${plural(times, "receipt")} wait for FDMS${because(data.reason)}`,
  };
}

function fiscalDay(event) {
  const { data } = event;
  const which = numberOf(data.fiscalDayNo) === null ? "Fiscal day" : `Fiscal day ${data.fiscalDayNo}`;
  const where = event.deviceID ?? data.deviceID ? ` on device ${event.deviceID ?? data.deviceID}` : "";
  if (event.type === "fiscal.opened") return { level: "plain", icon: "day", sentence: `${which} opened${where}` };
  if (event.type === "fiscal.closed") {
    const receipts = numberOf(data.receipts) === null ? "" : `, ${plural(data.receipts, "receipt")}`;
    return { level: "ok", icon: "day", sentence: `${which} closed${where}${receipts}`, amount: dayTotal(data.totals) };
  }
  const reason = withCode(data.advice, data.errorCode);
  return { level: "failed", icon: "failed", sentence: `${which} did not close${where}${because(reason)}` };
}

function dayTotal(totals) {
  const largest = Object.entries(totals ?? {}).sort((a, b) => (numberOf(b[1]) ?? 0) - (numberOf(a[1]) ?? 0))[0];
  return largest ? money(largest[0], largest[1]) : "";
}

function deviceState(event) {
  const reason = because(event.data.reason);
  const repeat = `${event.type} ${event.deviceID} ${event.data.reason ?? ""}`;
  const again = (sentence) => (times) => `${sentence}, ${times} times`;
  if (event.type === "device.online") {
    return { level: "plain", icon: "device", sentence: `${device(event)} is online`, repeat: null };
  }
  const offline = event.type === "device.offline";
  const sentence = offline ? `${device(event)} is offline${reason}` : `${device(event)} needs attention${reason}`;
  return { level: "attention", icon: offline ? "offline" : "attention", sentence, repeat, repeated: again(sentence) };
}

function certificate(event) {
  const days = numberOf(event.data.daysLeft);
  const when = days === null ? "expires soon" : days <= 0 ? "has expired" : `expires in ${plural(days, "day")}`;
  return {
    level: days !== null && days <= 7 ? "failed" : "attention",
    icon: "certificate",
    sentence: `${device(event)}: the certificate ${when}`,
    repeat: `certificate ${event.deviceID}`,
    repeated: (times) => `${device(event)}: the certificate ${when}, said ${times} times`,
  };
}

function drift(event) {
  const seconds = numberOf(event.data.seconds);
  const by = seconds === null ? "" : ` by ${Math.abs(Math.round(seconds))}\u00a0s`;
  return {
    level: "attention",
    icon: "clock",
    sentence: `${device(event)}: the clock differs from FDMS${by}`,
    repeat: `drift ${event.deviceID}`,
    repeated: (times) => `${device(event)}: the clock differs from FDMS${by}, seen ${times} times`,
  };
}

/** Some alerts have no more to say than their title. */
const more = ({ title, reason }) => (reason?.replace(/\.$/, "") === title ? "" : because(reason));

function alert(event) {
  const { data } = event;
  if (event.type === "alert.acknowledged") {
    return { level: "plain", icon: "check", sentence: `${data.by || "Somebody"} looks after it: ${data.title || "an alert"}` };
  }
  if (event.type === "alert.resolved") {
    return { level: "ok", icon: "check", sentence: `Over: ${data.title || "what was wrong"}${more(data)}` };
  }
  const level = data.grave ? "failed" : "attention";
  return { level, icon: level, sentence: `Alert: ${data.title || "something is wrong"}${more(data)}` };
}

function other(event) {
  const words = event.type.replace(/[._]/g, " ");
  return { level: "plain", icon: "device", sentence: `${device(event)}: ${words}` };
}

const READERS = Object.freeze({
  "receipt.completed": completed,
  "receipt.failed": failed,
  "receipt.queued": queued,
  "fiscal.opened": fiscalDay,
  "fiscal.closed": fiscalDay,
  "fiscal.close_failed": fiscalDay,
  "device.online": deviceState,
  "device.offline": deviceState,
  "device.attention": deviceState,
  "certificate.expiring": certificate,
  "clock.drift": drift,
  "alert.raised": alert,
  "alert.resolved": alert,
  "alert.acknowledged": alert,
});

/**
 * What an event says: {level: "ok"|"plain"|"attention"|"failed", icon, sentence, amount ("" if none), repeat}.
 * `repeat` is equal for events that say the same thing again, else null; `repeated(times)` is their common sentence.
 */
export function readEvent(event) {
  const reader = Object.hasOwn(READERS, event.type) ? READERS[event.type] : other;
  const reading = reader({ ...event, data: event.data ?? {} });
  const shown = reading.amount === UNKNOWN ? "" : reading.amount ?? "";
  return { repeat: null, ...reading, amount: shown };
}
