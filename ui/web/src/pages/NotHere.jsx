// For whoever is known but may not look: an account without the right, a screen whose address no longer holds.
import { FullPage } from "../components/FullPage.jsx";
import { useSession } from "../context/DashboardContext.jsx";

export function NotHere({ phase }) {
  const session = useSession();
  if (phase === "signedOut") {
    return (
      <FullPage icon="lock" level="failed" title="This screen’s address no longer holds">
        <p>The owner can make a new address for it at the till.</p>
      </FullPage>
    );
  }
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
