// Chooses the page by who is signed in. It must not know what the pages show.
import { Suspense, lazy } from "react";

import { ErrorBoundary } from "./components/ErrorBoundary.jsx";
import { FullPage } from "./components/FullPage.jsx";
import { useDashboard, useSession } from "./context/DashboardContext.jsx";
import { Dashboard } from "./pages/Dashboard.jsx";
import { tokenOf } from "./state/screenToken.js";

const Tv = lazy(() => import("./pages/Tv.jsx").then((chunk) => ({ default: chunk.Tv })));
const NotHere = lazy(() => import("./pages/NotHere.jsx").then((chunk) => ({ default: chunk.NotHere })));
const Login = lazy(() => import("./pages/Login.jsx").then((chunk) => ({ default: chunk.Login })));

function Page() {
  const phase = useDashboard((state) => state.session.phase);
  const session = useSession();
  const wait = <FullPage icon="waiting" level="plain" title="One moment…" />;
  const onWall = window.location.pathname === "/tv";
  if (phase === "signedIn") return onWall ? <Suspense fallback={wait}><Tv /></Suspense> : <Dashboard />;
  if (phase === "forbidden" || (phase === "signedOut" && tokenOf(window.location) !== null)) {
    return <Suspense fallback={wait}><NotHere phase={phase} /></Suspense>;
  }
  if (phase === "signedOut") return <Suspense fallback={wait}><Login /></Suspense>;
  if (phase === "unreachable") {
    return (
      <FullPage icon="offline" level="attention" title="The till does not answer">
        <p>It may be switched off, restarting, or on another network. This page keeps trying by itself.</p>
        <div className="full-page__acts">
          <button type="button" className="button button--main" onClick={session.tryNow}>Try now</button>
        </div>
      </FullPage>
    );
  }
  return <FullPage icon="waiting" level="plain" title="Asking the till…" />;
}

export function App() {
  const fallback = (
    <FullPage icon="failed" level="failed" title="This page stopped working">
      <p>The till itself goes on selling. Load the page again; if it stops again, tell support what you did last.</p>
      <div className="full-page__acts">
        <button type="button" className="button button--main" onClick={() => window.location.reload()}>
          Load again
        </button>
      </div>
    </FullPage>
  );
  return <ErrorBoundary fallback={fallback}><Page /></ErrorBoundary>;
}
