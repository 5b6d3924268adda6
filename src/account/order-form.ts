import type { CommandHandler } from '../domain/account/command.ts';
import type { State } from '../domain/account/state.ts';
import type { OrderRequest } from '../domain/orders/order-request.ts';
import { isRefusal } from '../domain/result.ts';
import { fieldOfForm, type OrderForm } from '../wire/subscription-forms/order-form.ts';

/** What takes an order, taking a form that stands for one: refusals name the form's fields instead of the order's. */
export function asForm<Reply>(
  handler: CommandHandler<OrderRequest, Reply>,
): CommandHandler<OrderForm, Reply> {
  const { numbers } = handler;
  return {
    ...(handler.readsOnly === undefined ? {} : { readsOnly: handler.readsOnly }),
    ...(numbers === undefined ? {} : { numbers: ({ request }: OrderForm) => numbers(request) }),
    needs: ({ request, changes }) => [
      ...handler.needs(request),
      ...(changes === null ? [] : [{ kind: 'subscription', key: changes } as const]),
    ],
    decide(state, form, context) {
      const decision = handler.decide(state, placedByInvoiceOwner(form, state), context);
      if (!isRefusal(decision) || decision.field === undefined) return decision;
      const { field: orderField, ...refusal } = decision;
      const field = fieldOfForm(orderField, form.actionPaths);
      return field === '' ? refusal : { ...refusal, field };
    },
  };
}

/** A change belongs to whoever is invoiced when it is decided: the subscription may have been transferred since the request was read. */
function placedByInvoiceOwner({ request, changes }: OrderForm, state: State): OrderRequest {
  const subscription = changes === null ? null : state.find('subscription', changes);
  if (subscription === null || !('key' in request.account)) return request;
  return { ...request, account: { ...request.account, key: subscription.invoiceOwnerAccountId } };
}
