// What happened, newest on top. Rows slide in while the reader is at the top; once scrolled, nothing moves and a pill
// says how many are new. Text from outside is placed in text nodes only.
import { memo, useCallback, useMemo, useRef, useState } from "react";

import { useDashboard } from "../context/DashboardContext.jsx";
import { shopDay, shopMinute, shopTime } from "../format.js";
import { FILTERS, foldRepeats, isLasting, passes } from "../state/feed.js";
import { eventsBefore } from "../services/reads.js";
import { hashOf } from "../state/route.js";
import { readEvent } from "../state/sentences.js";
import { EmptyState } from "./EmptyState.jsx";
import { Icon } from "./Icon.jsx";

const ROWS_AT_FIRST = 40;
const MORE_ROWS = 60;
const NEAR_THE_END = 300;

function sentenceOf({ event, reading, times, from }) {
  if (times === 1) return reading.sentence;
  return `${reading.repeated(times)}, ${shopMinute(from)}–${shopMinute(event.at)}`;
}

/** Each row opens its receipt, or else its device. */
function hrefOf({ deviceID, data }) {
  if (data?.receiptId) return hashOf("receipts", data.receiptId);
  return Number.isInteger(deviceID) ? hashOf("devices", deviceID) : null;
}

const FeedRow = memo(function FeedRow({ event, icon, level, sentence, amount }) {
  const href = hrefOf(event);
  return (
    <li className={`feed__row feed__row--${level}${event.fresh ? " feed__row--fresh" : ""}`}>
      <time className="feed__time numeral" dateTime={event.at} title={`${shopDay(event.at)}, shop time`}>{shopTime(event.at)}</time>
      <span className={`feed__icon ink--${level}`}><Icon name={icon} size={18} /></span>
      <span className="feed__sentence">{href ? <a className="feed__link" href={href}>{sentence}</a> : sentence}</span>
      <span className="feed__amount numeral">{amount}</span>
    </li>
  );
});

function Filters({ filter, onFilter, text, onText }) {
  return (
    <>
      <fieldset className="segments">
        <legend className="only-read">Show</legend>
        {FILTERS.map(({ id, label }) => (
          <label key={id} className="segment">
            <input type="radio" name="feed-filter" value={id} checked={filter === id} onChange={() => onFilter(id)} />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      <label className="search">
        <Icon name="search" size={16} />
        <span className="only-read">Search the feed</span>
        <input type="search" placeholder="Number, invoice…" value={text} onChange={(e) => onText(e.target.value)} />
      </label>
    </>
  );
}

/** Events with their sentences; a sentence is made once per event, since events never change. */
function useReadings(feed) {
  const [known] = useState(() => new WeakMap());
  return useMemo(
    () =>
      feed.map((event) => {
        let item = known.get(event);
        if (item === undefined) {
          item = { event, reading: readEvent(event) };
          known.set(event, item);
        }
        return item;
      }),
    [feed, known],
  );
}

/** What was before the events that the page holds, read when the reader asks for it; newest first, each once. */
function useOlder(feed) {
  const [older, setOlder] = useState({ items: [], state: "more" });
  const end = feed.at(-1)?.seq ?? null;
  // The live feed is bounded: once it has let go of all that was held here, a gap would follow, so it begins anew.
  const held = older.items.length > 0 && end <= older.items[0].seq;
  const oldest = held ? older.items.at(-1).seq : end;
  const more = useCallback(async () => {
    if (oldest === null) return;
    setOlder((now) => ({ ...now, state: "asking" }));
    try {
      const { items, next } = await eventsBefore(oldest);
      const found = items.filter(isLasting).reverse();
      setOlder((now) => ({ items: [...(held ? now.items : feed), ...found], state: next === null ? "end" : "more" }));
    } catch {
      setOlder((now) => ({ ...now, state: "failed" }));
    }
  }, [oldest, held, feed]);
  const all = useMemo(
    () => (held ? [...feed, ...older.items.filter((event) => event.seq < end)] : feed),
    [feed, older.items, held, end],
  );
  return { all, more, state: older.state === "end" && !held ? "more" : older.state };
}

const OLDER_WORDS = Object.freeze({
  more: "Load older", asking: "Asking the till…", failed: "The till did not answer: try again", end: "",
});

export function ActivityFeed() {
  const live = useDashboard((state) => state.feed);
  const { all: feed, more, state: olderState } = useOlder(live);
  const loading = useDashboard((state) => state.metrics === null);
  const [filter, setFilter] = useState("all");
  const [text, setText] = useState("");
  const [heldAt, setHeldAt] = useState(null);
  const [shown, setShown] = useState(ROWS_AT_FIRST);
  const list = useRef(null);

  const items = useReadings(feed);
  const passing = useMemo(
    () => items.filter(({ event, reading }) => passes(event, reading, filter, text)),
    [items, filter, text],
  );
  const held = useMemo(
    () => (heldAt === null ? passing : passing.filter(({ event }) => event.seq <= heldAt)),
    [passing, heldAt],
  );
  const rows = useMemo(() => foldRepeats(held), [held]);
  const news = passing.length - held.length;
  const newest = live[0]?.seq ?? null;

  const toTop = useCallback(() => {
    setHeldAt(null);
    setShown(ROWS_AT_FIRST);
    list.current?.scrollTo({ top: 0 });
  }, []);

  const onScroll = useCallback(
    (event) => {
      const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
      setHeldAt((now) => (scrollTop <= 4 ? null : now ?? newest));
      if (scrollHeight - scrollTop - clientHeight < NEAR_THE_END) {
        setShown((now) => (now < rows.length ? now + MORE_ROWS : now));
      }
    },
    [newest, rows.length],
  );

  const choose = (change) => (value) => {
    change(value);
    toTop();
  };

  return (
    <section className="card feed" aria-labelledby="feed-title">
      <div className="feed__head">
        <h2 id="feed-title" className="panel__title">Activity</h2>
        <Filters filter={filter} onFilter={choose(setFilter)} text={text} onText={choose(setText)} />
      </div>
      {news > 0 && (
        <button type="button" className="pill" onClick={toTop}>
          <Icon name="up" size={14} /> {news} new
        </button>
      )}
      {rows.length === 0 ? (
        <EmptyFeed loading={loading} filtered={feed.length > 0} />
      ) : (
        // A region that scrolls must be reachable by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="feed__scroll" ref={list} onScroll={onScroll} tabIndex={0} role="region" aria-label="Events, newest first">
          <ol className="feed__list">
            {rows.slice(0, shown).map((row) => (
              <FeedRow
                key={row.key}
                event={row.event}
                icon={row.reading.icon}
                level={row.reading.level}
                sentence={sentenceOf(row)}
                amount={row.times > 1 ? "" : row.reading.amount}
              />
            ))}
          </ol>
          {olderState === "end" || rows.length > shown ? (
            <p className="feed__end">{rows.length > shown ? "" : "That is everything since the till was set up."}</p>
          ) : (
            <button type="button" className="button button--small feed__older" disabled={olderState === "asking"} onClick={more}>
              {OLDER_WORDS[olderState]}
            </button>
          )}
        </div>
      )}
    </section>
  );
}

function EmptyFeed({ loading, filtered }) {
  if (loading) return <EmptyState icon="waiting" title="Waiting for the till" />;
  if (filtered) return <EmptyState icon="search" title="Nothing matches">Choose “All” or change the search.</EmptyState>;
  return (
    <EmptyState icon="live" title="Nothing has happened yet">
      Receipts, fiscal days and device news appear here the moment they happen.
    </EmptyState>
  );
}
