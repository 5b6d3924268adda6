/**
 * What Spillway's replies hold beyond the contract. Each is a field or a null that the contract does not declare and
 * no published sample shows; nothing here changes the meaning of a field that the contract has.
 */
export type Addition = {
  /** operationId, or `*` for every operation. */
  operationId: string;
  /** Path of the value in the reply, `[]` for list items, `*` for any property: `/order/subscriptions[]/id`. */
  path: string;
  why: string;
};

/** Properties that a reply may hold although the contract does not declare them. */
export const ADDED_PROPERTIES: readonly Addition[] = [];

/**
 * Properties that may be null although neither the schema nor a sample of the area shows a null. The field tables of
 * the product documentation state these.
 */
export const NULL_PROPERTIES: readonly { name: string; why: string }[] = [
  { name: 'lastMetricsUpdate', why: 'null while the account is no partner account or before its first fold' },
  { name: 'lastInvoiceDate', why: 'null until an invoice was posted' },
];

export function isAddedProperty(operationId: string, samplePath: string): boolean {
  return ADDED_PROPERTIES.some(
    (addition) =>
      (addition.operationId === '*' || addition.operationId === operationId) &&
      (addition.path === samplePath ||
        (addition.path.endsWith('/*') && samplePath.startsWith(addition.path.slice(0, -1)))),
  );
}
