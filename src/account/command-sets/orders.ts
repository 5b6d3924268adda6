import { createOrder } from '../../domain/orders/create-order.ts';
import { toWireOrderPlaced } from '../../wire/orders.ts';
import { type RegisteredCommand, registered } from '../registry.ts';

export const orderCommands: ReadonlyArray<readonly [string, RegisteredCommand]> = [
  ['order.create', registered(createOrder, toWireOrderPlaced)],
];
