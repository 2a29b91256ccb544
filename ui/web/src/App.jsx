// Chooses the page by who is signed in. It must not know what the pages show.
import { Suspense, lazy } from "react";

import { ErrorBoundary } from "./components/ErrorBoundary.jsx";
import { FullPage } from "./components/FullPage.jsx";
import { useDashboard, useSession } from "./context/DashboardContext.jsx";
import { Dashboard } from "./pages/Dashboard.jsx";

const Login = lazy(() => import("./pages/Login.jsx").then((chunk) => ({ default: chunk.Login })));

function Page() {
  const phase = useDashboard((state) => state.session.phase);
  const session = useSession();
  if (phase === "signedIn") return <Dashboard />;
  if (phase === "signedOut") return <Suspense fallback={<FullPage icon="waiting" level="plain" title="One moment…" />}><Login /></Suspense>;
  if (phase === "forbidden") {
    return (
      <FullPage icon="lock" level="failed" title="You may not see this dashboard">
        <p>Your account may not see the numbers of this till. The owner can change that at the till.</p>
        <div className="full-page__acts">
          <button type="button" className="button button--main" onClick={session.checkAgain}>Check again</button>
          <button type="button" className="button" onClick={session.signOut}>Sign in as someone else</button>
        </div>
      </FullPage>
    );
  }
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
