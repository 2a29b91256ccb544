import { describe, expect, it } from "vitest";

import { landAll, lookAgain, noProgress, observe, shownFlight, stageLabel } from "../src/state/progress.js";
import { completed, event, stage } from "./messages.js";

const after = (...steps) => steps.reduce((progress, [message, now]) => observe(progress, message, now), noProgress);

describe("progress of one receipt", () => {
  it("stands where the last reported stage is, never ahead", () => {
    let progress = noProgress;
    for (const percent of [0, 20, 40, 60, 80]) {
      progress = observe(progress, stage("a", percent), percent);
      expect(shownFlight(progress)).toMatchObject({ percent, outcome: null });
    }
    expect(stageLabel(shownFlight(progress))).toBe("Verifying");
    expect(shownFlight(observe(progress, stage("a", 100, { elapsedMs: 812 }), 100))).toMatchObject({ outcome: "completed", elapsedMs: 812 });
  });

  it("does not run backwards when an older stage arrives late", () => {
    expect(shownFlight(after([stage("a", 60), 0], [stage("a", 20), 1])).percent).toBe(60);
  });

  it("learns the receipt's number once it is signed", () => {
    const flight = shownFlight(after([stage("a", 20), 0], [stage("a", 60, { receiptGlobalNo: 88 }), 1], [stage("a", 80), 2]));
    expect(flight.receiptGlobalNo).toBe(88);
  });

  it("stops where it failed, with the reason in words", () => {
    const refusal = event(5, "receipt.failed", { receiptId: "a", validationErrors: [{ code: "RCPT020", advice: "Check the key" }] });
    const flight = shownFlight(after([stage("a", 80), 0], [refusal, 1]));
    expect(flight).toMatchObject({ percent: 80, outcome: "failed", reason: "Check the key (RCPT020)" });
    expect(stageLabel(flight)).toBe("Failed");
  });

  it("parks at 60 while it waits for FDMS, and goes on from there", () => {
    const waiting = after([stage("a", 80), 0], [event(5, "receipt.queued", { receiptId: "a", reason: "timed out" }), 1]);
    expect(shownFlight(waiting)).toMatchObject({ percent: 60, outcome: "waiting", reason: "timed out" });
    expect(stageLabel(shownFlight(waiting))).toBe("Waiting for FDMS");
    expect(shownFlight(observe(waiting, stage("a", 80), 9))).toMatchObject({ percent: 80, outcome: null, reason: null });
  });

  it("still waits while it is tried again, also behind another one", () => {
    const queued = (id) => event(5, "receipt.queued", { receiptId: id, reason: "timed out" });
    let progress = after([stage("a", 60), 0], [queued("a"), 1], [stage("a", 60), 5000]);
    expect(shownFlight(progress)).toMatchObject({ receiptId: "a", outcome: "waiting" });
    progress = [[stage("b", 60), 6000], [queued("b"), 6001], [stage("a", 60), 9000]].reduce((held, [said, at]) => observe(held, said, at), progress);
    expect(shownFlight(progress)).toMatchObject({ receiptId: "b", outcome: "waiting" });
  });

  it("leaves the bar when it was refused before it was sent, and waits for FDMS much longer", () => {
    let progress = after([stage("a", 0), 1000]);
    expect(lookAgain(progress, progress.dueAt - 1).shownId).toBe("a");
    expect(lookAgain(progress, progress.dueAt)).toBe(noProgress);
    progress = after([stage("b", 60), 1000]);
    expect(lookAgain(progress, 41_000).shownId).toBe("b");
  });

  it("does not show replayed receipts that it never saw under way", () => {
    expect(after([completed(5), 0])).toBe(noProgress);
    expect(after([event(1, "receipt.unheard", { receiptId: "a" }), 0])).toBe(noProgress);
  });
});

describe("progress of several receipts", () => {
  it("lets a finished receipt be seen for at least 300 ms, then shows the newest", () => {
    let progress = after([stage("a", 100), 1000], [stage("b", 20), 1010], [stage("c", 0), 1020]);
    expect(shownFlight(progress).receiptId).toBe("a");
    expect(progress.dueAt).toBeGreaterThanOrEqual(1300);
    progress = lookAgain(progress, progress.dueAt - 1);
    expect(shownFlight(progress).receiptId).toBe("a");
    progress = lookAgain(progress, progress.dueAt);
    expect(shownFlight(progress).receiptId).toBe("c");
  });

  it("holds a receipt that was already finished when it came up for as long", () => {
    let progress = after([stage("a", 100), 0], [stage("b", 0), 10], [stage("b", 100), 20], [stage("c", 100), 30]);
    progress = lookAgain(progress, 480);
    expect(shownFlight(progress).receiptId).toBe("c");
    progress = observe(progress, stage("d", 0), 500);
    expect(shownFlight(progress).receiptId).toBe("c");
    expect(progress.dueAt).toBeGreaterThanOrEqual(480 + 300);
  });

  it("stays with a receipt on its way, unless that one stalls", () => {
    let progress = after([stage("a", 40), 0], [stage("b", 20), 100]);
    expect(shownFlight(progress).receiptId).toBe("a");
    progress = lookAgain(progress, progress.dueAt);
    expect(shownFlight(progress).receiptId).toBe("b");
  });

  it("changes the receipt at most three times a second under fifty sales a second", () => {
    let progress = noProgress;
    const changes = [];
    for (let sale = 0; sale < 100; sale += 1) {
      for (const [i, percent] of [0, 20, 40, 60, 80, 100].entries()) {
        const now = sale * 20 + i * 3;
        const before = progress.shownId;
        progress = observe(progress, stage(`r${sale}`, percent), now);
        if (progress.shownId !== before) changes.push(now);
      }
    }
    expect(changes.length).toBeGreaterThan(2);
    expect(changes.length).toBeLessThanOrEqual(6);
    expect(progress.flights.length).toBeLessThanOrEqual(33);
  });

  it("forgets what was under way when the connection breaks, and keeps a result", () => {
    expect(landAll(after([stage("a", 40), 0]))).toBe(noProgress);
    expect(shownFlight(landAll(after([stage("a", 100), 0])))).toMatchObject({ receiptId: "a", outcome: "completed" });
  });
});
