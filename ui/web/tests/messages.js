// Messages as the till sends them, for the tests.

export const metrics = (changes = {}) => ({
  activeDevices: 12,
  totalDevices: 15,
  receiptsToday: 1284,
  failedReceipts: 0,
  successRate: 99.2,
  avgLatencyMs: 540,
  sales: { USD: 12340, ZWG: 3245000 },
  taxBreakdown: [{ band: "0%", amount: 120 }, { band: "15.5%", amount: 450 }],
  taxBreakdownCurrency: "ZWG",
  taxBreakdownByCurrency: { ZWG: [{ band: "0%", amount: 120 }, { band: "15.5%", amount: 450 }], USD: [{ band: "15.5%", amount: 9 }] },
  fiscalDayStatus: { FiscalDayOpened: 11, FiscalDayClosed: 4 },
  queueDepth: 2,
  receiptsPerHour: [0, 0, 0, 0, 0, 0, 0, 0, 10, 20, 40, 30, 5, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  successRate7d: [{ date: "2026-11-21", rate: 98, receipts: 100 }, { date: "2026-11-22", rate: 99.2, receipts: 1284 }],
  certificates: [{ deviceID: 1, notAfter: "2027-01-02T00:00:00Z", daysLeft: 41 }, { deviceID: 2, notAfter: "2026-11-28T00:00:00Z", daysLeft: 6 }],
  asOf: "2026-11-22T14:03:07+02:00",
  seq: 100,
  ...changes,
});

export const completed = (seq, data = {}) => ({
  seq,
  type: "receipt.completed",
  at: "2026-11-22T12:03:07Z",
  deviceID: 10001,
  data: {
    receiptId: `r${seq}`, receiptGlobalNo: seq, receiptType: "FiscalInvoice", receiptCurrency: "USD", receiptTotal: "12.30",
    invoiceNo: `INV-${seq}`, validationErrors: [], ...data,
  },
});

export const event = (seq, type, data = {}, deviceID = 10001) => ({ seq, type, at: "2026-11-22T12:00:00Z", deviceID, data });

export const stage = (receiptId, percent, data = {}) => ({
  seq: 0,
  type: "receipt.progress",
  at: "2026-11-22T12:03:07Z",
  deviceID: 10001,
  data: { receiptId, receiptGlobalNo: null, invoiceNo: `INV-${receiptId}`, stage: null, percent, elapsedMs: percent, ...data },
});

export const hello = (seq, events = [], changes = {}) => ({
  seq,
  type: "hello",
  at: "2026-11-22T12:03:07Z",
  deviceID: null,
  data: { metrics: metrics({ seq, ...changes }), events, seq },
});

export const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
