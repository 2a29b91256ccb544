// The chunk of afterPaint.js.
import "../styles/frame.css";
import "../styles/progress.css";

export { Account } from "./Account.jsx";
export { AlertChip } from "./AlertChip.jsx";
export { Banners } from "./Banners.jsx";
export { HeadingTools } from "./HeadingTools.jsx";
export { ProgressBar } from "./ProgressBar.jsx";
