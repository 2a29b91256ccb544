// The frame of a chart: title, a sentence that says what the picture shows, the same data as a table, the empty state.
// The drawing itself arrives later, as a chunk of its own.
import { Suspense, memo, useId, useState } from "react";

import { EmptyState } from "./EmptyState.jsx";
import { ErrorBoundary } from "./ErrorBoundary.jsx";
import { Icon } from "./Icon.jsx";

function Table({ caption, table }) {
  return (
    // A region that scrolls must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="chart-table" tabIndex={0} role="region" aria-label={`${caption}, table`}>
      <table>
        <caption className="only-read">{caption}</caption>
        <thead>
          <tr>{table.columns.map((column) => <th key={column} scope="col">{column}</th>)}</tr>
        </thead>
        <tbody>
          {table.rows.map(([name, ...cells]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {cells.map((cell, i) => <td key={table.columns[i + 1]} className="numeral">{cell}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** `lead` stands above chart and table alike. `view` is {sentence, note, table: {columns, rows}, empty: null | {title, text}}. */
export const ChartPanel = memo(function ChartPanel({ title, className = "", view, loading, tools, lead, children }) {
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  const hasData = !loading && view.empty === null;
  return (
    <section className={`card panel ${className}`} aria-labelledby={id}>
      <div className="panel__head">
        <div>
          <h2 id={id} className="panel__title">{title}</h2>
          {view.note && <p className="panel__note">{view.note}</p>}
        </div>
        {hasData && (
          <div className="panel__tools">
            {tools}
            <button
              type="button"
              className="button button--quiet button--icon"
              aria-pressed={asTable}
              aria-label={`${title}: show as table`}
              title={asTable ? "Show as chart" : "Show as table"}
              onClick={() => setAsTable(!asTable)}
            >
              <Icon name={asTable ? "chart" : "table"} size={18} />
            </button>
          </div>
        )}
      </div>
      {hasData && lead}
      <div className="panel__body">
        {loading && <EmptyState icon="waiting" title="Waiting for the first numbers" />}
        {!loading && view.empty && <EmptyState icon="chart" title={view.empty.title}>{view.empty.text}</EmptyState>}
        {hasData && asTable && <Table caption={title} table={view.table} />}
        {hasData && !asTable && (
          <ErrorBoundary
            fallback={
              <EmptyState icon="attention" title="The chart could not be loaded">
                The table shows the same numbers; loading the page again may help.
              </EmptyState>
            }
          >
            <Suspense fallback={<span className="panel__wait" />}>{children}</Suspense>
          </ErrorBoundary>
        )}
      </div>
    </section>
  );
});
