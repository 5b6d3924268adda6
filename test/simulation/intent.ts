/** What one client wants of one account. */
export interface Intent {
  readonly lane: string;
  readonly kind: string;
  readonly payload: unknown;
  /** Unique text that goes into what the request creates; empty when it creates nothing that carries one. */
  readonly marker: string;
  /** Marker of the order, or number of the subscription, that is gone when it is done. */
  readonly deletes?: string;
  /** Types of the order actions in it. */
  readonly actions?: readonly string[];
  /** What is there with the marker once it is done: an order, invoice or payment; a job; nothing, of a preview. */
  readonly leaves: 'document' | 'job' | 'nothing';
}
