// What the address names over the page. A chunk of its own: most readers never open it.
import { AlertsModal } from "./AlertsModal.jsx";
import { DeviceModal } from "./DeviceModal.jsx";
import { ReceiptDrawer } from "./ReceiptDrawer.jsx";
import "../styles/overlays.css";

/** `route` is {kind, id}. */
export function Overlays({ route }) {
  if (route.kind === "devices") return <DeviceModal key={route.id} id={route.id} />;
  if (route.kind === "alerts") return <AlertsModal />;
  return <ReceiptDrawer key={route.id} id={route.id} />;
}
