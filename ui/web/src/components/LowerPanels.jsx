// Everything under the progress bar: charts, feed, health. A chunk of its own, so that the numbers are on the screen
// before any of this has been read.
import { ActivityFeed } from "./ActivityFeed.jsx";
import { SalesPanel, TaxPanel, TrendPanel } from "./ChartPanels.jsx";
import { DevicesPanel } from "./DevicesPanel.jsx";
import { CertificatesPanel, FiscalDaysPanel, QueuePanel, WeekPanel } from "./HealthPanels.jsx";
import "../styles/devices.css";
import "../styles/feed.css";
import "../styles/panels.css";

export function LowerPanels() {
  return (
    <>
      <div className="charts">
        <TrendPanel />
        <TaxPanel />
        <SalesPanel />
        <ActivityFeed />
      </div>
      <div className="health">
        <DevicesPanel />
        <QueuePanel />
        <FiscalDaysPanel />
        <CertificatesPanel />
        <WeekPanel />
      </div>
    </>
  );
}
