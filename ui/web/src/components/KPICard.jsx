// One number of the day: label, numeral, one line of context, a chip when the state is not plain ok.
// Memoised on its card, which keeps its identity while nothing in it changed.
import { memo } from "react";

import { UNKNOWN } from "../format.js";
import { Sparkline } from "./Sparkline.jsx";
import { StateChip } from "./StateChip.jsx";

function Numeral({ card }) {
  if (card.lines && card.lines.length > 0) {
    return (
      <ul className="kpi__lines">
        {card.lines.map((line) => (
          <li key={line.currency} className="kpi__line">
            <span className="kpi__currency">{line.currency}</span> <span className="numeral">{line.amount}</span>
          </li>
        ))}
      </ul>
    );
  }
  const unknown = card.value === UNKNOWN;
  return (
    <p className="kpi__value numeral" title={unknown ? card.why : undefined}>
      {card.value}
      {unknown && <span className="only-read">unknown: {card.why}</span>}
    </p>
  );
}

export const KPICard = memo(function KPICard({ card }) {
  const heading = `kpi-${card.id}`;
  return (
    <article className={`card kpi kpi--${card.ink ?? card.level}`} aria-labelledby={heading}>
      <h2 id={heading} className="kpi__label">{card.label}</h2>
      <Numeral card={card} />
      <p className="kpi__context">{card.context}</p>
      <div className="kpi__foot">
        {card.word && <StateChip level={card.level}>{card.word}</StateChip>}
        {card.spark && <Sparkline points={card.spark} />}
      </div>
    </article>
  );
});
