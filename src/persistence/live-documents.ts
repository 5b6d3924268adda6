/** Of a document `v`: neither cancelled nor taken back. What it bills is billed (decision 008). */
export const LIVE = "v.status <> 'Canceled' AND v.is_reversed = 0";
