import type { JsonObject } from '../result.ts';
import type { TriggerDates } from '../subscriptions/subscription-spec.ts';
import type { AccountReference, OrderRequest } from './order-request.ts';

/** What is asked of an order that is there already (semantics D.3). `order` is its number or id, as the path has it. */
interface OfOrder {
  readonly order: string;
}

/** How the caller wants the reply of what places an order. */
interface ReplyForm {
  readonly returnIds: boolean;
  readonly numbersOnly: boolean;
}

export interface ActivateOrderRequest extends OfOrder, Partial<ReplyForm> {
  /** Scheduled is for the day of a scheduled order; another status than the expected one refuses. Draft when not given. */
  readonly expectedStatus?: 'Draft' | 'Scheduled';
}

export type DeleteOrderRequest = OfOrder;

export interface CancelOrderRequest extends OfOrder {
  readonly cancelReason: string | null;
}

export interface OrderCancelled {
  readonly orderNumber: string;
  readonly accountNumber: string;
  readonly cancelReason: string | null;
}

export interface RevertOrderRequest extends OfOrder {
  /** Date of the order that takes the other one back. */
  readonly orderDate: string;
}

/** A kept order as it shall be: all of its content is replaced. */
export interface ReplaceOrderRequest
  extends OfOrder,
    Omit<OrderRequest, 'orderNumber' | 'account' | 'intent'> {
  /** Null: stays; an order's account can be named but not exchanged for a new one. */
  readonly account: AccountReference | null;
  /** Null: stays as it is. */
  readonly intent: OrderRequest['intent'] | null;
}

/** Dates that an order waits for. */
export interface SetTriggerDatesRequest extends OfOrder, ReplyForm {
  readonly subscriptions: ReadonlyArray<{
    readonly subscriptionNumber: string;
    readonly actions: ReadonlyArray<{
      /** Position of the action on its subscription, from 0. */
      readonly sequence: number;
      readonly triggerDates: TriggerDates;
      readonly charges: ReadonlyArray<{
        readonly chargeNumber: string;
        readonly specificTriggerDate: string;
      }>;
    }>;
  }>;
}

/** Custom fields of an order and of its actions; a null clears a field, those that are not named stay. */
export interface SetOrderCustomFieldsRequest extends OfOrder {
  readonly customFields: JsonObject;
  readonly subscriptions: ReadonlyArray<{
    readonly subscriptionNumber: string;
    readonly actions: ReadonlyArray<{
      /** One of both says which action. */
      readonly id: string | null;
      readonly sequence: number | null;
      readonly customFields: JsonObject;
    }>;
  }>;
}

export interface UpdateOrderActionRequest {
  /** Id of the order action. */
  readonly id: string;
  /** Undefined: stays. Null: cleared. */
  readonly changeReason?: string | null;
  readonly customFields: JsonObject;
}
