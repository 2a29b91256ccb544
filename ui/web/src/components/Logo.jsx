// The product's mark and name.
export function Logo() {
  return (
    <span className="logo">
      <svg className="logo__mark" viewBox="0 0 32 32" width="1.75rem" height="1.75rem" aria-hidden="true">
        <rect width="32" height="32" rx="8" className="logo__ground" />
        <path d="M9 6h14v20l-2.3-1.7-2.4 1.7-2.3-1.7-2.3 1.7-2.4-1.7L9 26z" className="logo__slip" />
        <path d="M12.4 15.2l2.6 2.6 4.8-5.4" className="logo__tick" />
      </svg>
      <span className="logo__name">fiscalmon</span>
    </span>
  );
}
