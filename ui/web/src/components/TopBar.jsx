// The bar on top: what this is, how fresh it is, the look, who is signed in.
import { Suspense } from "react";

import { Account, AlertChip } from "./afterPaint.js";
import { LinkChip } from "./LinkStatus.jsx";
import { Logo } from "./Logo.jsx";

export function TopBar() {
  return (
    <header className="top">
      <div className="top__inner">
        <Logo />
        <LinkChip />
        <Suspense fallback={null}><AlertChip /></Suspense>
        <div className="top__right">
          <Suspense fallback={null}><Account /></Suspense>
        </div>
      </div>
    </header>
  );
}
