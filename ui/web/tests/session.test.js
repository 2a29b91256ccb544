import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import * as api from "../src/services/api.js";
import { ApiError } from "../src/services/api.js";
import { initialState, reduce } from "../src/state/reducer.js";
import { createSession } from "../src/state/session.js";
import { createStore } from "../src/state/store.js";
import { completed, hello, metrics } from "./messages.js";

const USER = { username: "tendai", role: "manager", csrfToken: "c-1" };
const answer = (status, body, headers = {}) =>
  new Response(body === undefined ? null : JSON.stringify(body), { status, headers });

describe("api", () => {
  let fetched;
  beforeEach(() => {
    fetched = vi.spyOn(globalThis, "fetch");
  });

  it("signs in by POST, JSON, same origin", async () => {
    fetched.mockResolvedValue(answer(200, USER));
    await expect(api.login("tendai", "s")).resolves.toEqual(USER);
    const [path, options] = fetched.mock.calls[0];
    expect(path).toBe("/api/auth/login");
    expect(options).toMatchObject({ method: "POST", credentials: "same-origin", body: '{"username":"tendai","password":"s"}' });
    expect(options.headers["Content-Type"]).toBe("application/json");
  });

  it("asks to stay signed in only where the reader wished it", async () => {
    fetched.mockImplementation(async () => answer(200, USER));
    await api.login("tendai", "s", true);
    await api.login("tendai", "s", false);
    expect(fetched.mock.calls.map(([, { body }]) => JSON.parse(body).staySignedIn)).toEqual([true, undefined]);
  });

  it("asks who it is where the login only answers with a token", async () => {
    fetched.mockResolvedValueOnce(answer(200, { csrfToken: "c-2" })).mockResolvedValueOnce(answer(200, { ...USER, csrfToken: "c-2" }));
    await expect(api.login("tendai", "s")).resolves.toMatchObject({ username: "tendai", csrfToken: "c-2" });
  });

  it("signs out with the token against forged requests", async () => {
    fetched.mockResolvedValue(answer(204));
    await api.logout("c-1");
    expect(fetched.mock.calls[0][1].headers["X-CSRF-Token"]).toBe("c-1");
  });

  it("reads problem details and how long to wait", async () => {
    fetched.mockResolvedValue(answer(429, { title: "Too many", detail: "Wait." }, { "Retry-After": "8" }));
    await expect(api.login("a", "b")).rejects.toMatchObject({ status: 429, message: "Wait.", retryAfter: 8 });
    fetched.mockResolvedValue(new Response("<h1>Bad gateway</h1>", { status: 502 }));
    await expect(api.me()).rejects.toMatchObject({ status: 502, message: "", retryAfter: null });
    fetched.mockRejectedValue(new TypeError("network"));
    await expect(api.me()).rejects.toMatchObject({ status: 0 });
  });
});

describe("session", () => {
  let store;
  let links;
  let calls;
  let session;

  const make = (changes = {}) => {
    calls = { me: vi.fn(async () => USER), login: vi.fn(async () => USER), logout: vi.fn(async () => ({})), ...changes };
    const openLink = (callbacks) => {
      const link = { ...callbacks, start: vi.fn(), stop: vi.fn(), tryNow: vi.fn() };
      links.push(link);
      return link;
    };
    session = createSession({ api: calls, openLink, store, random: () => 1, page: new EventTarget() });
    session.start();
    return vi.advanceTimersByTimeAsync(0);
  };
  const phase = () => store.getState().session.phase;

  beforeEach(() => {
    vi.useFakeTimers();
    links = [];
    store = createStore(reduce, initialState);
  });
  afterEach(() => {
    session.stop();
    vi.useRealTimers();
  });

  it("opens the live connection once it knows who is there", async () => {
    await make();
    expect(phase()).toBe("signedIn");
    expect(links).toHaveLength(1);
    expect(links[0].start).toHaveBeenCalledOnce();
  });

  it.each([[401, "signedOut"], [403, "forbidden"], [0, "unreachable"], [503, "unreachable"]])("answer %i means %s", async (status, expected) => {
    await make({ me: vi.fn(async () => { throw new ApiError(status, ""); }) });
    expect(phase()).toBe(expected);
    expect(links).toHaveLength(0);
  });

  it("tries again by itself only while the till does not answer", async () => {
    const me = vi.fn().mockRejectedValueOnce(new ApiError(0, "")).mockResolvedValue(USER);
    await make({ me });
    await vi.advanceTimersByTimeAsync(499);
    expect(me).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(phase()).toBe("signedIn");
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(me).toHaveBeenCalledTimes(2);
  });

  it("shows the login page when the till ends the session", async () => {
    await make();
    links[0].onMessage(hello(5));
    links[0].onEnd("signedOut");
    expect(store.getState()).toMatchObject({ metrics: null, session: { phase: "signedOut", reason: "ended" } });
  });

  it("signs out at once, and says so when the till did not confirm", async () => {
    await make({ logout: vi.fn(async () => { throw new ApiError(0, ""); }) });
    const leaving = session.signOut();
    expect(phase()).toBe("signedOut");
    expect(links[0].stop).toHaveBeenCalled();
    await leaving;
    expect(calls.logout).toHaveBeenCalledWith("c-1");
    expect(store.getState().session.reason).toBe("unconfirmed");
  });
});

describe("store", () => {
  let frames;
  beforeEach(() => {
    vi.useFakeTimers();
    frames = [];
    vi.stubGlobal("requestAnimationFrame", (callback) => frames.push(callback));
    vi.stubGlobal("cancelAnimationFrame", () => undefined);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it("tells its readers once for all messages of a frame", () => {
    const store = createStore(reduce, initialState, { now: () => 5 });
    const reader = vi.fn();
    store.subscribe(reader);
    for (let seq = 1; seq <= 50; seq += 1) store.receive(completed(seq));
    expect(reader).not.toHaveBeenCalled();
    expect(frames).toHaveLength(1);
    frames[0]();
    expect(reader).toHaveBeenCalledOnce();
    expect(store.getState().feed).toHaveLength(50);
  });

  it("does not pile up messages in a page that gets no frames", () => {
    const store = createStore(reduce, initialState);
    store.receive(completed(1));
    vi.advanceTimersByTime(250);
    expect(store.getState().feed).toHaveLength(1);
  });

  it("keeps the order between messages and what is dispatched", () => {
    const store = createStore(reduce, initialState);
    store.receive(hello(7));
    store.dispatch({ type: "link", link: { phase: "live", since: 1 } });
    expect(store.getState()).toMatchObject({ seq: 7, link: { phase: "live" } });
  });

  it("does not wake anybody for an equal snapshot", () => {
    const store = createStore(reduce, initialState);
    store.receive(hello(7));
    vi.advanceTimersByTime(250);
    const reader = vi.fn();
    store.subscribe(reader);
    store.receive({ type: "metrics.updated", seq: 7, data: metrics({ seq: 7 }) });
    vi.advanceTimersByTime(250);
    expect(reader).not.toHaveBeenCalled();
  });
});
