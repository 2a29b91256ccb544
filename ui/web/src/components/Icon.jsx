// Line icons, 24 units square, in the colour of the text around them. Always beside a word, so hidden from readers.
const PATHS = Object.freeze({
  check: "M5 12.5l4.5 4.5L19 7.5",
  failed: "M12 3a9 9 0 100 18 9 9 0 000-18zM9 9l6 6M15 9l-6 6",
  attention: "M12 4L2.8 19.5h18.4zM12 10v4.5M12 17.2v.1",
  waiting: "M7 3h10M7 21h10M8 3v3.5c0 2 4 3.7 4 5.5 0-1.8 4-3.5 4-5.5V3M8 21v-3.5c0-2 4-3.7 4-5.5 0 1.8 4 3.5 4 5.5V21",
  return: "M9 7l-4 4 4 4M5 11h9a5 5 0 010 10h-3",
  day: "M5 6h14v14H5zM5 10h14M9 3.5V7M15 3.5V7",
  device: "M6 9V4h12v5M4 9h16v8h-3v3H7v-3H4zM8 14h8",
  offline: "M3 3l18 18M8.5 15.5a5 5 0 017 0M5.5 12a9.5 9.5 0 015-2.4M14.5 9.9a9.5 9.5 0 014 2.1M2.5 8.5A14 14 0 016 6.2M10.5 5a14 14 0 0111 3.5M12 19.2v.1",
  certificate: "M12 3a6 6 0 100 12 6 6 0 000-12zM8.5 13.5L7 21l5-2.6L17 21l-1.5-7.5",
  clock: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5.5l3.5 2",
  live: "M12 8a4 4 0 100 8 4 4 0 000-8z",
  catchUp: "M4 6l7 6-7 6zM13 6l7 6-7 6z",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 017 0v3M12 15v2",
  power: "M12 3v8M7 6a8 8 0 1010 0",
  sun: "M12 8a4 4 0 100 8 4 4 0 000-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  moon: "M20 14.5A8.5 8.5 0 019.5 4a8.5 8.5 0 1010.5 10.5z",
  system: "M3 5h18v11H3zM9 20h6M12 16v4",
  table: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14",
  chart: "M4 20h16M7 20v-7M12 20V5M17 20v-10",
  search: "M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM15.5 15.5L21 21",
  up: "M12 19V6M6 11.5L12 5.5l6 6",
  leave: "M14 4H5v16h9M10 12h11M17.5 8l4 4-4 4",
  close: "M6 6l12 12M18 6L6 18",
  left: "M14.5 6l-6 6 6 6",
  right: "M9.5 6l6 6-6 6",
  download: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  user: "M12 4a4 4 0 100 8 4 4 0 000-8zM4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.5a2.5 2.5 0 100 5 2.5 2.5 0 000-5z",
});

export function Icon({ name, size = 16 }) {
  return (
    <svg className={`icon icon--${name}`} viewBox="0 0 24 24" width={`${size / 16}rem`} height={`${size / 16}rem`} aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
