import { activateOrder } from '../../domain/orders/activate-order.ts';
import { cancelOrder } from '../../domain/orders/cancel-order.ts';
import { createOrder } from '../../domain/orders/create-order.ts';
import { deleteOrder } from '../../domain/orders/delete-order.ts';
import { previewOrder } from '../../domain/orders/preview-order.ts';
import { revertOrder } from '../../domain/orders/revert-order.ts';
import { setTriggerDates } from '../../domain/orders/set-trigger-dates.ts';
import { updateDraft } from '../../domain/orders/update-draft.ts';
import { updateLineItems } from '../../domain/orders/update-line-items.ts';
import { setOrderCustomFields, updateOrderAction } from '../../domain/orders/update-order-attributes.ts';
import { toWireDone, toWireOrderCancelled, toWireOrderReverted } from '../../wire/order-lifecycle.ts';
import { toWireLineItemsUpdated } from '../../wire/order-line-items.ts';
import { toWireOrderPreview } from '../../wire/order-preview.ts';
import { toWireOrderPlaced } from '../../wire/orders.ts';
import { type RegisteredCommand, registered } from '../registry.ts';

export const orderCommands: ReadonlyArray<readonly [string, RegisteredCommand]> = [
  ['order.create', registered(createOrder, toWireOrderPlaced)],
  ['order.preview', registered(previewOrder, toWireOrderPreview)],
  ['order.activate', registered(activateOrder, toWireOrderPlaced)],
  ['order.replace', registered(updateDraft, toWireOrderPlaced)],
  ['order.cancel', registered(cancelOrder, toWireOrderCancelled)],
  ['order.delete', registered(deleteOrder, toWireDone)],
  ['order.revert', registered(revertOrder, toWireOrderReverted)],
  ['order.setTriggerDates', registered(setTriggerDates, toWireOrderPlaced)],
  ['order.setCustomFields', registered(setOrderCustomFields, toWireDone)],
  ['orderAction.update', registered(updateOrderAction, toWireDone)],
  ['orderLineItem.update', registered(updateLineItems, toWireDone)],
  ['orderLineItem.updateAll', registered(updateLineItems, toWireLineItemsUpdated)],
];
