// The live page: lays the parts out. Each part reads its own piece of the state; this file shows no number itself.
import { Suspense, lazy } from "react";

import { Banners, ProgressBar } from "../components/afterPaint.js";
import { EmptyState } from "../components/EmptyState.jsx";
import { ErrorBoundary } from "../components/ErrorBoundary.jsx";
import { Heading } from "../components/Heading.jsx";
import { KPICard } from "../components/KPICard.jsx";
import { TopBar } from "../components/TopBar.jsx";
import { useDashboard } from "../context/DashboardContext.jsx";
import { routeOf, useHash } from "../state/route.js";

const LowerPanels = lazy(() =>
  import("../components/LowerPanels.jsx").then((chunk) => ({ default: chunk.LowerPanels })),
);
const Overlays = lazy(() => import("../components/Overlays.jsx").then((chunk) => ({ default: chunk.Overlays })));
const History = lazy(() => import("./History.jsx").then((chunk) => ({ default: chunk.History })));

function KPIRow() {
  const cards = useDashboard((state) => state.cards);
  return (
    <div className="kpis">
      {cards.map((card) => <KPICard key={card.id} card={card} />)}
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
      <Suspense fallback={<div className="card progress-wait" />}><ProgressBar /></Suspense>
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
  const route = routeOf(useHash());
  return (
    <div className="page" data-link={phase}>
      <TopBar />
      <Suspense fallback={null}><Banners /></Suspense>
      <main className="main">
        {route?.kind === "days" ? (
          <ErrorBoundary key={route.id} fallback={<LowerPanelsMissing />}>
            <Suspense fallback={<div className="lower-wait" />}><History day={route.id} /></Suspense>
          </ErrorBoundary>
        ) : (
          <>
            <Heading />
            <Parts />
          </>
        )}
      </main>
      {route !== null && route.kind !== "days" && (
        <ErrorBoundary key={route.id} fallback={null}>
          <Suspense fallback={null}><Overlays route={route} /></Suspense>
        </ErrorBoundary>
      )}
    </div>
  );
}
