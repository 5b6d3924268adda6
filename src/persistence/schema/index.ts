export * from './accounts.ts';
export * from './billing.ts';
export * from './catalog.ts';
export * from './engine.ts';
export * from './jobs.ts';
export * from './orders.ts';
export * from './settlement.ts';
export * from './subscriptions.ts';
