// The live page: lays the parts out. Each part reads its own piece of the state; this file shows no number itself.
import { Suspense, lazy } from "react";

import { EmptyState } from "../components/EmptyState.jsx";
import { ErrorBoundary } from "../components/ErrorBoundary.jsx";
import { KPICard } from "../components/KPICard.jsx";
import { LinkBanner } from "../components/LinkStatus.jsx";
import { ProgressBar } from "../components/ProgressBar.jsx";
import { TopBar } from "../components/TopBar.jsx";
import { useDashboard } from "../context/DashboardContext.jsx";
import { UNKNOWN, shopLongDay } from "../format.js";

const LowerPanels = lazy(() =>
  import("../components/LowerPanels.jsx").then((chunk) => ({ default: chunk.LowerPanels })),
);

function KPIRow() {
  const cards = useDashboard((state) => state.cards);
  return (
    <div className="kpis">
      {cards.map((card) => <KPICard key={card.id} card={card} />)}
    </div>
  );
}

function Heading() {
  const date = useDashboard((state) => shopLongDay(state.metrics?.asOf));
  return (
    <div className="heading">
      <h1 className="heading__title">Today</h1>
      <p className="heading__date">{date === UNKNOWN ? "waiting for the till" : date}</p>
      <p className="heading__zone">Shop time, Harare (UTC+2)</p>
    </div>
  );
}

function NoDevices() {
  return (
    <section className="card">
      <EmptyState icon="device" title="No fiscal device yet">
        Register the first device at the till; its receipts appear here the moment they are made. If there are devices
        already, ask the owner to give your account access to them.
      </EmptyState>
    </section>
  );
}

function LowerPanelsMissing() {
  return (
    <section className="card">
      <EmptyState icon="attention" title="Charts and activity could not be loaded">
        The numbers above stay live. Loading the page again may help.
      </EmptyState>
    </section>
  );
}

function Parts() {
  const noDevices = useDashboard((state) => state.metrics?.totalDevices === 0);
  if (noDevices) {
    return (
      <>
        <KPIRow />
        <NoDevices />
      </>
    );
  }
  return (
    <>
      <KPIRow />
      <ProgressBar />
      <ErrorBoundary fallback={<LowerPanelsMissing />}>
        <Suspense fallback={<div className="lower-wait" />}>
          <LowerPanels />
        </Suspense>
      </ErrorBoundary>
    </>
  );
}

export function Dashboard() {
  const phase = useDashboard((state) => state.link.phase);
  return (
    <div className="page" data-link={phase}>
      <TopBar />
      <LinkBanner />
      <main className="main">
        <Heading />
        <Parts />
      </main>
    </div>
  );
}
