import { encoded } from '../../api.ts';

export function pathOfSubscription(number: string): string {
  return `/subscriptions/${encoded(number)}`;
}
