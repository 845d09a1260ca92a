/** Outpost's logo: a summit with a marked point. */
export function Mark() {
  return (
    <svg
      width="18"
      height="18"
      viewBox="0 0 18 18"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d="M9 2.2 16.4 15.4H1.6Z" />
      <circle cx="9" cy="11" r="1.4" fill="currentColor" stroke="none" />
    </svg>
  );
}
