import type { CommandHandler } from '../domain/account/command.ts';
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
    needs: ({ request }) => handler.needs(request),
    decide(state, { request, actionPaths }, context) {
      const decision = handler.decide(state, request, context);
      if (!isRefusal(decision) || decision.field === undefined) return decision;
      const { field: orderField, ...refusal } = decision;
      const field = fieldOfForm(orderField, actionPaths);
      return field === '' ? refusal : { ...refusal, field };
    },
  };
}
