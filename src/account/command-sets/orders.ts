import { createOrder } from '../../domain/orders/create-order.ts';
import { previewOrder } from '../../domain/orders/preview-order.ts';
import { toWireOrderPreview } from '../../wire/order-preview.ts';
import { toWireOrderPlaced } from '../../wire/orders.ts';
import { type RegisteredCommand, registered } from '../registry.ts';

export const orderCommands: ReadonlyArray<readonly [string, RegisteredCommand]> = [
  ['order.create', registered(createOrder, toWireOrderPlaced)],
  ['order.preview', registered(previewOrder, toWireOrderPreview)],
];
