import {
  createPaymentMethod,
  deletePaymentMethod,
  updatePaymentMethod,
} from '../../domain/settlement/keep-payment-methods.ts';
import { type RegisteredCommand, registered } from '../registry.ts';

const asId = ({ paymentMethodId }: { readonly paymentMethodId: string }) => ({
  id: paymentMethodId,
  success: true,
});
const asPaymentMethodId = ({ paymentMethodId }: { readonly paymentMethodId: string }) => ({
  paymentMethodId,
  success: true,
});

export const paymentMethodCommands: ReadonlyArray<readonly [string, RegisteredCommand]> = [
  ['paymentMethod.create', registered(createPaymentMethod, asId)],
  ['paymentMethod.update', registered(updatePaymentMethod, asId)],
  ['paymentMethod.delete', registered(deletePaymentMethod, () => ({ success: true }))],
  // The resource for credit cards, which is older, calls the id by its full name.
  ['paymentMethod.createCard', registered(createPaymentMethod, asPaymentMethodId)],
  ['paymentMethod.updateCard', registered(updatePaymentMethod, asPaymentMethodId)],
];
