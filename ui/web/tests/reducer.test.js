import { describe, expect, it } from "vitest";

import { applyMessage, initialState, reduce } from "../src/state/reducer.js";
import { shownFlight } from "../src/state/progress.js";
import { completed, event, hello, metrics, range, stage } from "./messages.js";

const live = reduce({ ...initialState, session: { phase: "signedIn", user: { username: "t" }, reason: null } }, { type: "link", link: { phase: "live", since: 0 } });
const apply = (state, ...messages) => reduce(state, { type: "messages", messages, now: 1000 });
const cardOf = (state, id) => state.cards.find((card) => card.id === id);

describe("hello", () => {
  it("carries the snapshot and the last events", () => {
    const state = apply(live, hello(100, [completed(99), completed(100)]));
    expect(state.metrics.receiptsToday).toBe(1284);
    expect(state.seq).toBe(100);
    expect(state.feed.map(({ seq }) => seq)).toEqual([100, 99]);
    expect(state.feed.some(({ fresh }) => fresh)).toBe(false);
  });

  it("after a gap keeps the older rows, and the replay fills what lies between", () => {
    const before = apply(live, hello(10, range(1, 10).map((seq) => completed(seq))));
    const back = apply(before, hello(100, range(51, 100).map((seq) => completed(seq))));
    const whole = apply(back, ...range(11, 101).map((seq) => completed(seq)));
    expect(whole.feed.map(({ seq }) => seq)).toEqual(range(1, 101).reverse());
    expect(whole.seq).toBe(101);
  });

  it("with a smaller number starts again: it is another ledger", () => {
    const before = apply(live, hello(500, [completed(500)]));
    const state = apply(before, hello(3, [completed(3)]));
    expect(state.feed.map(({ seq }) => seq)).toEqual([3]);
    expect(state.seq).toBe(3);
  });
});

describe("live messages", () => {
  const start = apply(live, hello(100));

  it("adds an event once, as fresh, and moves the number on", () => {
    const state = apply(start, completed(101), completed(101));
    expect(state.feed).toHaveLength(1);
    expect(state.feed[0].fresh).toBe(true);
    expect(state.seq).toBe(101);
  });

  it("keeps the identity of every card that did not change", () => {
    const state = apply(start, { ...event(100, "metrics.updated"), data: metrics({ receiptsToday: 1285 }) });
    expect(cardOf(state, "receiptsToday").value).toBe("1,285");
    const changed = state.cards.filter((card, i) => card !== start.cards[i]).map(({ id }) => id);
    expect(changed).toEqual(["receiptsToday"]);
    expect(state.metrics.sales).toBe(start.metrics.sales);
    expect(state.feed).toBe(start.feed);
  });

  it("does nothing at all for an equal snapshot", () => {
    expect(apply(start, { ...event(100, "metrics.updated"), data: metrics() })).toBe(start);
  });

  it("moves the progress without touching numbers or feed", () => {
    const state = apply(start, stage("a", 40));
    expect(shownFlight(state.progress).percent).toBe(40);
    expect(state.cards).toBe(start.cards);
    expect(state.feed).toBe(start.feed);
  });

  it.each([[null], [{}], [{ type: "x" }], [{ type: "hello", data: null }], [{ type: 5, data: {} }], [{ type: "heartbeat", seq: 5, data: {} }]])(
    "ignores what it does not know: %j",
    (message) => expect(applyMessage(start, message, 0)).toBe(start),
  );
});

describe("session", () => {
  it("takes the numbers away with the session", () => {
    const state = reduce(apply(live, hello(100, [completed(100)])), { type: "session", phase: "signedOut", reason: "ended" });
    expect(state).toMatchObject({ metrics: null, feed: [], seq: 0, session: { phase: "signedOut", user: null, reason: "ended" } });
    expect(cardOf(state, "salesTotals").value).toBe("—");
  });

  it("keeps the numbers while the connection is away", () => {
    const state = reduce(apply(live, hello(100, [completed(100)])), { type: "link", link: { phase: "offline", since: 5 } });
    expect(state.metrics.receiptsToday).toBe(1284);
    expect(state.link).toEqual({ phase: "offline", since: 5, nextTryAt: null });
  });
});
