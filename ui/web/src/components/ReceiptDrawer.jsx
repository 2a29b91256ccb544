// One receipt's whole life beside the feed: where it stands, each step with its time, what was sold, what was signed.
import { useDashboard } from "../context/DashboardContext.jsx";
import { UNKNOWN, amount, money, numberOf } from "../format.js";
import { receiptPath } from "../services/reads.js";
import { STATUS, stepsOf, titleOf } from "../state/receiptLife.js";
import { hashOf } from "../state/route.js";
import { Dialog, Facts, Missing } from "./Dialog.jsx";
import { Icon } from "./Icon.jsx";
import { StateChip } from "./StateChip.jsx";
import { useResource } from "./useResource.js";

const READERS = ["manager", "support", "owner"];

function Steps({ receipt }) {
  return (
    <ol className="steps">
      {stepsOf(receipt).map(({ key, at, level, icon, words, detail }) => (
        <li key={key} className="steps__row">
          <span className={`steps__icon ground ground--${level}`}><Icon name={icon} size={16} /></span>
          <span className="steps__words">{words}{detail && <span className="steps__detail">{detail}</span>}</span>
          <span className="steps__at numeral">{at}</span>
        </li>
      ))}
    </ol>
  );
}

function Findings({ errors }) {
  if (!Array.isArray(errors) || errors.length === 0) return null;
  return (
    <section className="part">
      <h3 className="part__title">What FDMS found</h3>
      <ul className="rows">
        {errors.map(({ code, color, advice }) => (
          <li key={`${code}${advice}`} className="rows__row">
            <span>{advice ?? "No advice is known for this code."}</span>
            <StateChip level={color === "Red" ? "failed" : "attention"}>{[code, color].filter(Boolean).join(" ")}</StateChip>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Lines({ receipt }) {
  const lines = receipt.receipt?.receiptLines ?? [];
  const taxes = receipt.receiptTaxes ?? [];
  const band = (tax) => (numberOf(tax.taxPercent) === null ? "Exempt" : `${tax.taxPercent} %`);
  return (
    <section className="part">
      <h3 className="part__title">Sold</h3>
      <table className="lines">
        <thead><tr><th scope="col">What</th><th scope="col">Quantity</th><th scope="col">Total</th></tr></thead>
        <tbody>
          {lines.map((line, i) => (
            <tr key={line.receiptLineNo ?? i}>
              <th scope="row">{line.receiptLineName ?? UNKNOWN}</th>
              <td className="numeral">{String(line.receiptLineQuantity ?? "")}</td>
              <td className="numeral">{amount(line.receiptLineTotal)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          {taxes.map((tax) => (
            <tr key={`${tax.taxID}${tax.taxPercent}`}><th scope="row">Tax {band(tax)}</th><td /><td className="numeral">{amount(tax.taxAmount)}</td></tr>
          ))}
          <tr className="lines__total"><th scope="row">Total</th><td>{receipt.receiptCurrency}</td><td className="numeral">{amount(receipt.receiptTotal)}</td></tr>
        </tfoot>
      </table>
    </section>
  );
}

function Whole({ receipt }) {
  const buyer = receipt.receipt?.buyerData;
  const facts = [
    { name: "Made", value: String(receipt.receiptDate ?? UNKNOWN).replace("T", " ") },
    { name: "Invoice", value: receipt.invoiceNo ?? UNKNOWN },
    { name: "Sale", value: receipt.saleId ?? UNKNOWN },
    { name: "Fiscal day, counter", value: `${receipt.fiscalDayNo}, ${receipt.receiptCounter}` },
    ...(buyer?.buyerRegisterName ? [{ name: "Buyer", value: buyer.buyerRegisterName }] : []),
    ...(buyer?.buyerTIN ? [{ name: "Buyer’s TIN", value: buyer.buyerTIN }] : []),
  ];
  const signed = [
    { name: "Verification code", value: receipt.verificationCode ?? UNKNOWN, mono: true },
    { name: "Hash", value: receipt.hash ?? UNKNOWN, mono: true },
    { name: "Signature", value: receipt.signature ?? UNKNOWN, mono: true },
    { name: "QR address", value: receipt.qrUrl ?? UNKNOWN, mono: true },
  ];
  return (
    <>
      <p className="drawer__total numeral">{money(receipt.receiptCurrency, receipt.receiptTotal)}</p>
      <p className="drawer__device">on <a href={hashOf("devices", receipt.deviceID)}>device {receipt.deviceID}</a></p>
      <section className="part"><h3 className="part__title">Its life <span className="part__note">shop time</span></h3><Steps receipt={receipt} /></section>
      <Findings errors={receipt.validationErrors} />
      <Lines receipt={receipt} />
      <section className="part"><h3 className="part__title">Facts</h3><Facts rows={facts} /></section>
      <details className="part part__more"><summary>What was signed</summary><Facts rows={signed} /></details>
    </>
  );
}

/** What the feed itself tells, for those who may not read receipts. */
function Brief({ event, error }) {
  if (!event) return <Missing error={error ?? { status: 403 }} what="receipt" />;
  const { data } = event;
  const rows = [
    { name: "Made", value: String(data.receiptDate ?? UNKNOWN).replace("T", " ") },
    { name: "Device", value: String(event.deviceID ?? UNKNOWN) },
    { name: "Invoice", value: data.invoiceNo ?? UNKNOWN },
  ];
  return (
    <>
      <Facts rows={rows} />
      <Findings errors={data.validationErrors} />
      <p className="dialog__wait"><Icon name="lock" size={18} /> What was sold is shown to managers, support and the owner.</p>
    </>
  );
}

export function ReceiptDrawer({ id }) {
  const role = useDashboard((state) => state.session.user?.role);
  const event = useDashboard((state) => state.feed.find((one) => one.data?.receiptId === id) ?? null);
  const may = READERS.includes(role);
  const live = useDashboard((state) => state.link.phase === "live");
  const { data, error } = useResource(may ? receiptPath(id) : null, { urgent: `${event?.seq ?? ""} ${live}` });
  const known = data ?? event?.data ?? {};
  const status = STATUS[known.status];
  return (
    <Dialog className="drawer" title={titleOf(known)} chip={status && <StateChip level={status.level}>{status.word}</StateChip>}>
      {data ? <Whole receipt={data} /> : may ? <Missing error={error} what="receipt" /> : <Brief event={event} error={error} />}
    </Dialog>
  );
}
