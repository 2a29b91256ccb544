// The three charts as one chunk, loaded after the numbers are on the screen.
export { ReceiptsTrendChart } from "./ReceiptsTrendChart.jsx";
export { SalesVolumeChart } from "./SalesVolumeChart.jsx";
export { TaxBreakdownChart } from "./TaxBreakdownChart.jsx";
