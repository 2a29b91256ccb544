// The whole life of a receipt as steps: signed, each try to send it, settled. Pure.
import { UNKNOWN, milliseconds, numberOf, shopDay, shopTime } from "../format.js";

const OUTCOMES = Object.freeze({
  done: { level: "ok", icon: "check", words: "FDMS answered" },
  refused: { level: "failed", icon: "failed", words: "FDMS refused it" },
  unknown: { level: "attention", icon: "waiting", words: "No answer; it will be asked for" },
  unreachable: { level: "attention", icon: "offline", words: "FDMS could not be reached" },
});
export const STATUS = Object.freeze({
  signed: { level: "plain", word: "Signed" },
  sending: { level: "plain", word: "Sending" },
  queued: { level: "attention", word: "Waiting for FDMS" },
  completed: { level: "ok", word: "Accepted" },
  failed: { level: "failed", word: "Refused" },
});
const DOCUMENTS = { FiscalInvoice: "Receipt", CreditNote: "Credit note", DebitNote: "Debit note" };

export function titleOf(receipt) {
  const noun = DOCUMENTS[receipt.receiptType] ?? "Receipt";
  return numberOf(receipt.receiptGlobalNo) === null ? noun : `${noun} ${receipt.receiptGlobalNo}`;
}

const when = (at) => (at ? `${shopDay(at)}, ${shopTime(at)}` : UNKNOWN);

/** [{key, at, level, icon, words, detail}] in the order in which it happened. */
export function stepsOf(receipt) {
  const life = receipt.life ?? {};
  const steps = [];
  if (life.signedAt) {
    steps.push({ key: "signed", at: when(life.signedAt), level: "plain", icon: "check", words: "Numbered, signed and written down", detail: "" });
  }
  (life.attempts ?? []).forEach((attempt, i) => {
    const outcome = OUTCOMES[attempt.outcome] ?? { level: "plain", icon: "live", words: String(attempt.outcome) };
    const facts = [
      attempt.httpStatus ? `HTTP ${attempt.httpStatus}` : null,
      numberOf(attempt.latencyMs) === null ? null : milliseconds(attempt.latencyMs),
      attempt.error,
    ];
    steps.push({ key: `try${i}`, at: when(attempt.at), ...outcome, detail: facts.filter(Boolean).join(" · ") });
  });
  if (life.settledAt) {
    const settled = receipt.status === "failed"
      ? { level: "failed", icon: "failed", words: "Refused for good" }
      : { level: "ok", icon: "check", words: "Signature of FDMS verified; accepted" };
    const detail = receipt.fdmsReceiptId ? `FDMS’s number ${receipt.fdmsReceiptId}` : "";
    steps.push({ key: "settled", at: when(life.settledAt), ...settled, detail });
  }
  return steps;
}
