// Which currency a chart shows, where there are several.

/** `view` is {currency, currencies}; `all` is a further choice, {value, label}. */
export function CurrencyChoice({ label, view, all = null, onChoose }) {
  if (view.currencies.length < 2) return null;
  return (
    <label className="choice">
      <span className="only-read">{label}</span>
      <select value={view.currency} onChange={(event) => onChoose(event.target.value)}>
        {all && <option value={all.value}>{all.label}</option>}
        {view.currencies.map((code) => <option key={code}>{code}</option>)}
      </select>
    </label>
  );
}
