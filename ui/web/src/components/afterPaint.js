// Parts of the frame that come a moment after the first numbers: one chunk, asked for at once, so that they are there
// when the network is not.
import { lazy } from "react";

const frame = () => import("./frame.js");

export const Account = lazy(() => frame().then((chunk) => ({ default: chunk.Account })));
export const AlertChip = lazy(() => frame().then((chunk) => ({ default: chunk.AlertChip })));
export const Banners = lazy(() => frame().then((chunk) => ({ default: chunk.Banners })));
export const HeadingTools = lazy(() => frame().then((chunk) => ({ default: chunk.HeadingTools })));
export const ProgressBar = lazy(() => frame().then((chunk) => ({ default: chunk.ProgressBar })));
