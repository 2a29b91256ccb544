import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { createBackoff } from "../src/services/backoff.js";
import { createLink, socketUrl } from "../src/services/websocket.js";
import { completed, event, hello, range } from "./messages.js";

let sockets;
let page;
let link;
let seen;

class FakeSocket {
  constructor(url) {
    this.url = url;
    this.sent = [];
    sockets.push(this);
  }
  send(text) { this.sent.push(JSON.parse(text)); }
  close() { this.closed = true; }
  accept() { this.onopen?.(); }
  say(message) { this.onmessage?.({ data: JSON.stringify(message) }); }
  end(code) { this.onclose?.({ code }); }
}

const last = () => sockets.at(-1);
const phases = () => seen.phases.map(({ phase }) => phase);
const events = (from, to) => range(from, to).map((seq) => completed(seq));

function start({ random = () => 1, probe = async () => "signedIn" } = {}) {
  seen = { messages: [], phases: [], ends: [] };
  link = createLink({
    url: "wss://till/ws/dashboard/", page, random, probe,
    onMessage: (message) => seen.messages.push(message),
    onPhase: (phase) => seen.phases.push(phase),
    onEnd: (reason) => seen.ends.push(reason),
  });
  link.start();
}

function greet(seq, list = []) {
  last().accept();
  last().say(hello(seq, list));
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  sockets = [];
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  page = Object.assign(new EventTarget(), { WebSocket: FakeSocket, document });
});

afterEach(() => {
  link?.stop();
  vi.useRealTimers();
});

describe("the address", () => {
  it("is the page's own origin, encrypted where the page is", () => {
    expect(socketUrl({ protocol: "https:", host: "till.local:8443" })).toBe("wss://till.local:8443/ws/dashboard/");
    expect(socketUrl({ protocol: "http:", host: "127.0.0.1:80" })).toBe("ws://127.0.0.1:80/ws/dashboard/");
  });
});

describe("back-off", () => {
  it("doubles its ceiling from 0.5 s to 30 s, with full jitter below it", () => {
    const ceilings = createBackoff(() => 1);
    expect(range(1, 9).map(() => ceilings.next())).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
    ceilings.reset();
    expect(ceilings.next()).toBe(500);
    const half = createBackoff(() => 0.5);
    expect([half.next(), half.next()]).toEqual([250, 500]);
    expect(createBackoff(() => 0).next()).toBe(0);
  });

  it("is used for each lost connection, and never sooner", async () => {
    start();
    for (const wait of [500, 1000, 2000]) {
      const before = sockets.length;
      last().end(1006);
      expect(seen.phases.at(-1)).toMatchObject({ phase: "offline", nextTryAt: Date.now() + wait });
      await vi.advanceTimersByTimeAsync(wait - 1);
      expect(sockets).toHaveLength(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(sockets).toHaveLength(before + 1);
    }
  });

  it("starts afresh only after ten healthy seconds", async () => {
    start();
    const nextWait = () => {
      last().end(1006);
      return seen.phases.at(-1).nextTryAt - Date.now();
    };
    greet(1);
    expect(nextWait()).toBe(500);
    await vi.advanceTimersByTimeAsync(500);
    greet(1);
    await vi.advanceTimersByTimeAsync(9_000);
    expect(nextWait()).toBe(1000);
    await vi.advanceTimersByTimeAsync(1000);
    greet(1);
    await vi.advanceTimersByTimeAsync(10_001);
    expect(nextWait()).toBe(500);
  });

  it("is cut short when the network or the reader comes back", async () => {
    start();
    last().end(1006);
    page.dispatchEvent(new Event("online"));
    expect(sockets).toHaveLength(2);
    last().end(1006);
    page.document.dispatchEvent(new Event("visibilitychange"));
    expect(sockets).toHaveLength(3);
    page.dispatchEvent(new Event("online"));
    expect(sockets).toHaveLength(3);
  });
});

describe("resume", () => {
  it("asks for nothing the first time, and for what it missed the next", async () => {
    start();
    greet(100);
    last().say(completed(101));
    last().say({ ...event(101, "metrics.updated"), seq: 400 });
    expect(last().sent).toEqual([]);
    last().end(1006);
    await vi.advanceTimersByTimeAsync(500);
    last().accept();
    expect(last().sent).toEqual([{ type: "resume", after: 101 }]);
  });

  it("is catching up until the replay has reached the greeting's number", async () => {
    start();
    greet(100);
    last().end(1006);
    await vi.advanceTimersByTimeAsync(500);
    greet(300, events(251, 300));
    expect(phases().at(-1)).toBe("catchingUp");
    events(101, 299).forEach((each) => last().say(each));
    expect(phases().at(-1)).toBe("catchingUp");
    last().say(completed(300));
    expect(phases().at(-1)).toBe("live");
  });

  it("asks again from the last replayed event when the line breaks in between", async () => {
    start();
    greet(100);
    last().end(1006);
    await vi.advanceTimersByTimeAsync(500);
    greet(300, events(251, 300));
    events(101, 140).forEach((each) => last().say(each));
    last().end(1006);
    await vi.advanceTimersByTimeAsync(1000);
    last().accept();
    expect(last().sent).toEqual([{ type: "resume", after: 140 }]);
  });

  it("is live at once where the greeting leaves no gap", async () => {
    start();
    greet(100);
    last().end(1006);
    await vi.advanceTimersByTimeAsync(500);
    greet(130, events(81, 130));
    expect(phases().at(-1)).toBe("live");
  });

  it("takes a second greeting as the answer that the gap is too old", async () => {
    start();
    greet(100);
    last().end(1006);
    await vi.advanceTimersByTimeAsync(500);
    greet(9000, events(8951, 9000));
    last().say(hello(9001, events(8952, 9001)));
    expect(phases().at(-1)).toBe("live");
    last().end(1006);
    await vi.advanceTimersByTimeAsync(1000);
    last().accept();
    expect(last().sent).toEqual([{ type: "resume", after: 9001 }]);
  });

  it("does not wait for ever for events that this reader may not see", async () => {
    start();
    greet(100);
    last().end(1006);
    await vi.advanceTimersByTimeAsync(500);
    greet(300, events(251, 300));
    await vi.advanceTimersByTimeAsync(1_500);
    expect(phases().at(-1)).toBe("live");
  });

  it("understands a replay that comes before the greeting, or in its place", async () => {
    start();
    greet(100);
    last().end(1006);
    await vi.advanceTimersByTimeAsync(500);
    last().accept();
    events(101, 140).forEach((each) => last().say(each));
    expect(phases().at(-1)).toBe("catchingUp");
    await vi.advanceTimersByTimeAsync(1_500);
    expect(phases().at(-1)).toBe("live");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sockets).toHaveLength(2);
    last().end(1006);
    await vi.advanceTimersByTimeAsync(1000);
    last().accept();
    expect(last().sent).toEqual([{ type: "resume", after: 140 }]);
    last().say(completed(141));
    last().say(hello(141, events(92, 141)));
    expect(phases().at(-1)).toBe("live");
  });

  it("hands the snapshot on before it says that the page is live", () => {
    start();
    let messagesAtLive = -1;
    const push = seen.phases.push.bind(seen.phases);
    seen.phases.push = (phase) => {
      if (phase.phase === "live") messagesAtLive = seen.messages.length;
      return push(phase);
    };
    greet(1);
    expect(messagesAtLive).toBe(1);
  });
});

describe("how a connection ends", () => {
  it("4401 and 4403 end it for good", async () => {
    for (const [code, reason] of [[4401, "signedOut"], [4403, "forbidden"]]) {
      start();
      greet(1);
      const before = sockets.length;
      last().end(code);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(seen.ends).toEqual([reason]);
      expect(sockets).toHaveLength(before);
    }
  });

  it("4408 (too slow) comes back and resumes", async () => {
    start();
    greet(7);
    last().end(4408);
    await vi.advanceTimersByTimeAsync(500);
    last().accept();
    expect(last().sent).toEqual([{ type: "resume", after: 7 }]);
  });

  it("1012 says that the till restarts, through the tries that follow, until it is back", async () => {
    start();
    greet(7);
    last().end(1012);
    expect(phases().at(-1)).toBe("shuttingDown");
    await vi.advanceTimersByTimeAsync(500);
    last().end(1006);
    expect(phases().at(-1)).toBe("shuttingDown");
    await vi.advanceTimersByTimeAsync(1000);
    greet(7);
    expect(phases().at(-1)).toBe("live");
  });

  it("keeps the time since when it is offline over several tries", async () => {
    start();
    greet(7);
    const lostAt = Date.now();
    last().end(1006);
    await vi.advanceTimersByTimeAsync(500);
    last().end(1006);
    expect(seen.phases.at(-1)).toMatchObject({ phase: "offline", since: lostAt });
  });

  it("a refused upgrade is explained by asking who is signed in", async () => {
    start({ probe: async () => "signedOut" });
    last().end(1006);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seen.ends).toEqual(["signedOut"]);
    expect(sockets).toHaveLength(1);
  });

  it("a connection that never says hello is given up", async () => {
    start();
    last().accept();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sockets[0].closed).toBe(true);
    expect(phases().at(-1)).toBe("offline");
  });

  it("stop leaves no timer, no listener and no socket behind", async () => {
    start();
    greet(1);
    link.stop();
    expect(last().closed).toBe(true);
    page.dispatchEvent(new Event("online"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sockets).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("silence", () => {
  const beat = () => last().say(event(5, "heartbeat"));

  it("of a line that died before its first heartbeat is noticed too", async () => {
    start();
    greet(1);
    await vi.advanceTimersByTimeAsync(74_000);
    expect(phases().at(-1)).toBe("live");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(phases().at(-1)).toBe("stale");
  });

  it("of a quiet shop is none: figures come twice a minute", async () => {
    start();
    greet(1);
    for (let minute = 0; minute < 120; minute += 1) {
      await vi.advanceTimersByTimeAsync(30_000);
      last().say(event(0, "metrics.updated"));
    }
    expect(phases().at(-1)).toBe("live");
    expect(sockets).toHaveLength(1);
  });

  it("is stale where heartbeats stop, then a new connection is tried", async () => {
    start();
    greet(1);
    beat();
    await vi.advanceTimersByTimeAsync(15_000);
    beat();
    const heardAt = Date.now();
    await vi.advanceTimersByTimeAsync(37_500);
    expect(seen.phases.at(-1)).toMatchObject({ phase: "stale", since: heardAt });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(phases().at(-1)).toBe("offline");
  });

  it("a page that slept makes a new connection instead of trusting the old one", async () => {
    start();
    greet(1);
    page.document.visibilityState = "hidden";
    page.document.dispatchEvent(new Event("visibilitychange"));
    vi.setSystemTime(Date.now() + 3_600_000);
    page.document.visibilityState = "visible";
    page.document.dispatchEvent(new Event("visibilitychange"));
    expect(sockets).toHaveLength(2);
    expect(sockets[0].closed).toBe(true);
  });

  it("ignores text that is no message", () => {
    start();
    greet(1);
    for (const data of ["", "{", "null", "[]", '{"seq":1}', '"hello"']) last().onmessage({ data });
    expect(seen.messages).toHaveLength(1);
  });
});
