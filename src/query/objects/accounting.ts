/** The contract's words for what replies of v1 show as they were given. */
export function transferredToAccountingSql(given: string): string {
  return `CASE coalesce(${given}, 'false') WHEN 'true' THEN 'Yes' WHEN 'false' THEN 'No' ELSE ${given} END`;
}
