import { describe, expect, it } from "vitest";

import { FEED_LIMIT, foldRepeats, mergeEvents, passes } from "../src/state/feed.js";
import { readEvent } from "../src/state/sentences.js";
import { completed, event, range, stage } from "./messages.js";

const seqs = (feed) => feed.map(({ seq }) => seq);
const read = (events) => events.map((each) => ({ event: each, reading: readEvent(each) }));

describe("merging events", () => {
  it("puts the newest on top whatever the order of arrival", () => {
    const feed = mergeEvents([], [completed(5), completed(9), completed(7)]);
    expect(seqs(mergeEvents(feed, [completed(6), completed(10)]))).toEqual([10, 9, 7, 6, 5]);
  });

  it("drops duplicates and returns the same feed when nothing was new", () => {
    const feed = mergeEvents([], [completed(5), completed(6)]);
    expect(mergeEvents(feed, [completed(6), completed(5)])).toBe(feed);
  });

  it("fills a gap in the middle after a resume", () => {
    const feed = mergeEvents([], [...range(1, 3), ...range(8, 10)].map((seq) => completed(seq)));
    expect(seqs(mergeEvents(feed, range(2, 9).map((seq) => completed(seq))))).toEqual(range(1, 10).reverse());
  });

  it("keeps 500 rows and lets the oldest go", () => {
    const feed = mergeEvents([], range(1, 700).map((seq) => completed(seq)));
    expect(feed).toHaveLength(FEED_LIMIT);
    expect([feed[0].seq, feed.at(-1).seq]).toEqual([700, 201]);
    expect(mergeEvents(feed, [completed(5)])).toBe(feed);
  });

  it("keeps lasting events only", () => {
    expect(mergeEvents([], [stage("a", 20), event(4, "metrics.updated"), event(4, "surprise"), event(undefined, "fiscal.opened")])).toEqual([]);
  });

  it("marks only what happened before the reader's eyes as fresh", () => {
    expect(mergeEvents([], [completed(1)], true)[0].fresh).toBe(true);
    expect(mergeEvents([], [completed(1)])[0].fresh).toBeUndefined();
  });
});

describe("folding repeats", () => {
  const timeOut = (seq, at) => ({ ...event(seq, "receipt.queued", { receiptGlobalNo: seq, reason: "FDMS timed out" }), at });

  it("makes one row of neighbours that say the same, and keeps its key while it grows", () => {
    const first = [timeOut(3, "2026-11-22T07:20:00Z"), timeOut(2, "2026-11-22T07:12:00Z"), completed(1)];
    const rows = foldRepeats(read(first));
    expect(rows.map(({ times, key }) => [times, key])).toEqual([[2, 2], [1, 1]]);
    expect(rows[0].from).toBe("2026-11-22T07:12:00Z");
    expect(rows[0].reading.repeated(rows[0].times)).toBe("2 receipts wait for FDMS: FDMS timed out");
    expect(foldRepeats(read([timeOut(4, ""), ...first]))[0]).toMatchObject({ times: 3, key: 2 });
  });

  it("does not fold accepted receipts or across another event", () => {
    expect(foldRepeats(read([completed(3), completed(2)]))).toHaveLength(2);
    expect(foldRepeats(read([timeOut(5, ""), completed(4), timeOut(3, "")]))).toHaveLength(3);
  });
});

describe("filter and search", () => {
  const shown = (each, filter, text = "") => passes(each, readEvent(each), filter, text);
  const refused = event(2, "receipt.failed", { receiptGlobalNo: 7, validationErrors: [{ code: "RCPT020", advice: "Check the key" }] });

  it("filters by kind", () => {
    expect(["all", "receipts", "attention", "days", "devices"].map((id) => shown(refused, id))).toEqual([true, true, true, false, false]);
    expect(["attention", "days"].map((id) => shown(event(3, "fiscal.opened", { fiscalDayNo: 4 }), id))).toEqual([false, true]);
    expect(shown(event(3, "clock.drift", { seconds: 31 }), "devices")).toBe(true);
  });

  it("finds numbers, codes, invoices and amounts in any case", () => {
    expect(shown(refused, "all", "rcpt020")).toBe(true);
    expect(shown(completed(41), "all", " inv-41 ")).toBe(true);
    expect(shown(completed(41), "all", "USD 12.30")).toBe(true);
    expect(shown(completed(41), "all", "ZWG")).toBe(false);
  });
});

describe("sentences", () => {
  const says = (type, data, deviceID) => readEvent(event(1, type, data, deviceID)).sentence;

  it("does not say an alert's title twice", () => {
    const title = "A sign-in from a new address";
    expect(says("alert.raised", { title, reason: `${title}.` }, null)).toBe(`Alert: ${title}`);
    expect(says("alert.raised", { title, reason: "olga, 10.0.0.9" }, null)).toBe(`Alert: ${title}: olga, 10.0.0.9`);
  });

  it("speaks of each kind of event", () => {
    expect(readEvent(completed(12)).sentence).toBe("Receipt 12 accepted · INV-12 · device 10001");
    expect(readEvent(completed(12, { receiptType: "CreditNote", receiptTotal: -3 }))).toMatchObject({
      sentence: "Credit note 12 accepted · INV-12 · device 10001", amount: "USD\u00a0\u22123.00", icon: "return",
    });
    expect(says("receipt.failed", { receiptGlobalNo: 7, validationErrors: [{ code: "RCPT020", advice: "Check the key" }] }))
      .toBe("Receipt 7 refused by FDMS: Check the key (RCPT020) · device 10001");
    expect(says("fiscal.closed", { fiscalDayNo: 3, receipts: 1, totals: { USD: 2 } })).toBe("Fiscal day 3 closed on device 10001, 1 receipt");
    expect(says("fiscal.close_failed", { fiscalDayNo: 3, errorCode: "BadCertificateSignature" }))
      .toBe("Fiscal day 3 did not close on device 10001: BadCertificateSignature");
    expect(says("certificate.expiring", { daysLeft: 0 })).toBe("Device 10001: the certificate has expired");
    expect(says("clock.drift", { seconds: -31.4 })).toContain("by 31\u00a0s");
    const trouble = { title: "A printer has stopped", reason: "Put paper in.", by: "rudo" };
    expect(readEvent(event(1, "alert.raised", { ...trouble, grave: true }))).toMatchObject({
      sentence: "Alert: A printer has stopped: Put paper in.", level: "failed",
    });
    expect(says("alert.resolved", trouble)).toBe("Over: A printer has stopped: Put paper in.");
    expect(says("alert.acknowledged", trouble)).toBe("rudo looks after it: A printer has stopped");
  });

  it("never writes undefined, null or NaN, however little it is told", () => {
    const types = [
      "receipt.completed", "receipt.failed", "receipt.queued", "fiscal.opened", "fiscal.closed", "fiscal.close_failed",
      "device.online", "device.offline", "device.attention", "certificate.expiring", "clock.drift", "device.toString",
      "alert.raised", "alert.resolved", "alert.acknowledged",
    ];
    for (const type of types) {
      for (const data of [{}, undefined, null, { receiptTotal: "x", daysLeft: "?", seconds: null, fiscalDayNo: null }]) {
        const { sentence, amount } = readEvent({ seq: 1, type, at: "", data });
        expect(`${sentence} ${amount}`).not.toMatch(/undefined|null|NaN|\[object/);
        expect(sentence.length).toBeGreaterThan(5);
      }
    }
  });
});
