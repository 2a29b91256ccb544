// How far each device's newest receipt is: one thin bar a device. Pure.

const OUTCOMES = Object.freeze({
  "receipt.completed": "completed",
  "receipt.failed": "failed",
  "receipt.queued": "waiting",
});

export const noLanes = Object.freeze({});

/** After a `receipt.*` message: {deviceID: {receiptId, receiptGlobalNo, percent, outcome}}. */
export function observeLane(lanes, message) {
  const { data, deviceID } = message;
  if (deviceID === null || deviceID === undefined || !data.receiptId) return lanes;
  const known = lanes[deviceID];
  const same = known?.receiptId === data.receiptId;
  const outcome = OUTCOMES[message.type] ?? null;
  // The end of an earlier receipt says nothing about the one that is under way now.
  if (!same && outcome !== null && known && known.outcome === null) return lanes;
  const before = same ? known.percent : 0;
  const told = Math.min(100, Math.max(0, Number(data.percent) || 0));
  const percent = outcome === "completed" ? 100 : outcome === null ? Math.max(before, told) : Math.max(before, 60);
  const lane = {
    receiptId: data.receiptId,
    receiptGlobalNo: data.receiptGlobalNo ?? (same ? known.receiptGlobalNo : null),
    percent,
    outcome: percent === 100 ? "completed" : outcome,
  };
  return { ...lanes, [deviceID]: lane };
}
