import type { ValidRequest } from './hostile-requests.ts';
import type { WorkerApi } from './worker-api.ts';

/** For everything that is asked of an order after its creation a request that would succeed, each on an order of its own. */
export async function orderLifecycleRequests(
  api: WorkerApi,
  order: object,
): Promise<Readonly<Record<string, ValidRequest>>> {
  const { orderLineItems: _, ...content } = order as Record<string, unknown>;
  const made = async (fields: object) => {
    const { status, body } = await api.post('/v1/orders', { ...content, ...fields });
    if (status !== 200) throw new Error(`/v1/orders ${status} ${JSON.stringify(body)}`);
    return { path: `/v1/orders/${body.orderNumber}`, number: body.subscriptions?.[0].subscriptionNumber };
  };
  const draft = await made({ status: 'Draft' });
  const cancelled = await made({ status: 'Draft' });
  const reverted = await made({});
  const [subscription] = content.subscriptions as Array<{ orderActions: object[] }>;
  const missing = { triggerDates: [{ name: 'CustomerAcceptance' }] };
  const pending = await made({
    subscriptions: [{ orderActions: [{ ...subscription!.orderActions[0], ...missing }] }],
  });
  const { body } = await api.get(pending.path);
  const [action] = body.order.subscriptions[0].orderActions;
  const dates = [{ name: 'CustomerAcceptance', triggerDate: '2026-08-01' }];
  const fields = { customFields: { Region__c: 'EU' } };
  return {
    PUT_Order: { path: draft.path, body: { ...content, status: 'Draft' } },
    PUT_OrderCancel: { path: `${cancelled.path}/cancel`, body: { cancelReason: 'Not needed' } },
    revertOrder: { path: `${reverted.path}/revert`, body: { orderDate: '2026-08-01' } },
    PUT_OrderTriggerDates: {
      path: `${pending.path}/triggerDates`,
      body: {
        subscriptions: [
          {
            subscriptionNumber: pending.number,
            orderActions: [
              {
                sequence: 0,
                triggerDates: dates,
                charges: [{ chargeNumber: 'C-00000001', specificTriggerDate: '2026-08-01' }],
              },
            ],
          },
        ],
      },
    },
    PUT_UpdateOrderCustomFields: {
      path: `${reverted.path}/customFields`,
      body: {
        ...fields,
        subscriptions: [{ subscriptionNumber: reverted.number, orderActions: [{ sequence: 0, ...fields }] }],
      },
    },
    PUT_OrderActions: {
      path: `/v1/orderActions/${action.id}`,
      body: { changeReason: 'Asked for', ...fields },
    },
  };
}
