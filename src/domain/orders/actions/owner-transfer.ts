import type { Need } from '../../account/state.ts';
import { isRefusal } from '../../result.ts';
import type { OwnerTransferAction } from '../action-specs.ts';
import { needsOfAccount } from '../order-accounts.ts';
import { needsOfInvoicing, patchInvoicing } from './invoicing-patch.ts';
import { NOT_ENDED, type OrderActionHandler, statusProblem } from './order-action.ts';

/**
 * OwnerTransfer: at once to another subscription owner, another invoice owner, or both. Contracted MRR moves with the subscription owner;
 * documents stay where they are, only later ones go to the new invoice owner (semantics F.1 row 13).
 */
export const ownerTransfer: OrderActionHandler<OwnerTransferAction> = {
  needs({ subscriptionOwner, invoiceOwner, invoicing }) {
    const needs: Need[] = [...needsOfInvoicing(invoicing)];
    for (const owner of [subscriptionOwner, invoiceOwner]) {
      if (owner !== null) needs.push(...needsOfAccount(owner));
    }
    return needs;
  },
  earliest: (_spec, orderDate) => orderDate,
  apply(spec, draft, setting) {
    const problem = statusProblem(draft, NOT_ENDED, setting);
    if (problem !== null) return problem;
    if (spec.subscriptionOwner !== null) {
      const owner = setting.accounts.resolve(spec.subscriptionOwner);
      if (isRefusal(owner)) return owner;
      draft.patch({ accountId: owner.id });
    }
    if (spec.invoiceOwner !== null) {
      const owner = setting.accounts.resolve(spec.invoiceOwner);
      if (isRefusal(owner)) return owner;
      draft.patch({ invoiceOwnerAccountId: owner.id });
    }
    return patchInvoicing(spec.invoicing, draft, setting, 'ownerTransfer');
  },
};
