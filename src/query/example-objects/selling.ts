import { CUSTOMER_ID, DEMO_CUSTOMER, type ExampleObjects } from './example-object.ts';

/** An account on which nothing hangs, so that it can be deleted. */
const BARE =
  "a.account_number NOT LIKE 'A-DEMO-%' AND NOT EXISTS (SELECT 1 FROM account AS x WHERE x.parent_id = a.id) " +
  ['subscription', 'orders', 'invoice', 'payment', 'credit_memo', 'debit_memo', 'usage', 'payment_method']
    .map((table) => `AND NOT EXISTS (SELECT 1 FROM ${table} AS x WHERE x.account_id = a.id)`)
    .join(' ') +
  ' AND NOT EXISTS (SELECT 1 FROM subscription AS x WHERE x.invoice_owner_account_id = a.id)';

const latest = (condition: string) =>
  'SELECT s.id, s.subscription_number AS number, s.version, s.order_number AS orderNumber, s.term_end_date AS termEnd, ' +
  `date(s.term_start_date, '+1 month') AS aMonthLater FROM subscription AS s WHERE s.account_id = ${CUSTOMER_ID} ` +
  `AND s.is_latest_version = 1 ${condition} ORDER BY s.id DESC LIMIT 1`;

/** No later order has to be undone first, and nothing was billed. */
const UNBILLED =
  'NOT EXISTS (SELECT 1 FROM invoice_item AS i WHERE i.subscription_number = s.subscription_number) ' +
  'AND NOT EXISTS (SELECT 1 FROM credit_memo_item AS i WHERE i.subscription_number = s.subscription_number)';

const order = (condition: string) =>
  `SELECT o.id, o.order_number AS number FROM orders AS o WHERE o.account_id = ${CUSTOMER_ID} AND ${condition} ` +
  'ORDER BY o.id DESC LIMIT 1';

/** Of products that only examples made: the demo's own stay. */
const EXAMPLE_PRODUCT = "p.sku LIKE 'EXAMPLE-%'";

export const sellingObjects: ExampleObjects = {
  day: {
    what: 'the date of today',
    madeBy: 'POST_Account',
    sql:
      "SELECT date('now') AS today, date('now', 'start of month') AS month, date('now', 'start of year') AS year, " +
      "date('now', 'start of month', '+1 month') AS nextMonth, strftime('%m/%d/%Y', 'now', 'start of month') AS monthUS, " +
      "strftime('%s', 'now') AS second",
  },
  customer: {
    what: 'the first demo customer',
    madeBy: 'POST_Account',
    sql: `SELECT id, bill_to_contact_id AS contactId FROM account WHERE account_number = '${DEMO_CUSTOMER}'`,
  },
  bareAccount: {
    what: 'an account on which nothing hangs',
    madeBy: 'POST_Account',
    sql: `SELECT a.id, a.account_number AS number FROM account AS a WHERE ${BARE} ORDER BY a.id DESC LIMIT 1`,
  },
  spareContact: {
    what: 'a contact that no account is billed to',
    madeBy: 'POST_CreateContact',
    sql:
      'SELECT c.id FROM contact AS c JOIN account AS a ON a.id = c.account_id ' +
      "WHERE a.account_number LIKE 'A-DEMO-%' AND c.id NOT IN (a.bill_to_contact_id, a.sold_to_contact_id) " +
      'ORDER BY c.id DESC LIMIT 1',
  },
  plan: {
    what: 'the monthly demo plan',
    madeBy: 'Object_POSTProductRatePlan',
    sql:
      'SELECT p.id, c.id AS chargeId FROM product_rate_plan AS p JOIN product_rate_plan_charge AS c ON c.product_rate_plan_id = p.id ' +
      "WHERE p.rate_plan_number = 'PRP-DEMO-MONTHLY' LIMIT 1",
  },
  setupPlan: {
    what: 'the demo plan for the set-up',
    madeBy: 'Object_POSTProductRatePlan',
    sql:
      'SELECT p.id, c.id AS chargeId FROM product_rate_plan AS p JOIN product_rate_plan_charge AS c ON c.product_rate_plan_id = p.id ' +
      "WHERE p.rate_plan_number = 'PRP-DEMO-SETUP' LIMIT 1",
  },
  exampleProduct: {
    what: 'a product that an example made',
    madeBy: 'Object_POSTProduct',
    sql: `SELECT p.id FROM product AS p WHERE ${EXAMPLE_PRODUCT} ORDER BY p.id DESC LIMIT 1`,
  },
  examplePlan: {
    what: 'a rate plan that an example made',
    madeBy: 'Object_POSTProductRatePlan',
    sql:
      'SELECT r.id FROM product_rate_plan AS r JOIN product AS p ON p.id = r.product_id ' +
      `WHERE ${EXAMPLE_PRODUCT} ORDER BY r.id DESC LIMIT 1`,
  },
  exampleCharge: {
    what: 'a charge that an example made',
    madeBy: 'Object_POSTProductRatePlanCharge',
    sql:
      "SELECT c.id, c.tiers ->> '$[0].id' AS tierId FROM product_rate_plan_charge AS c " +
      'JOIN product_rate_plan AS r ON r.id = c.product_rate_plan_id JOIN product AS p ON p.id = r.product_id ' +
      `WHERE ${EXAMPLE_PRODUCT} ORDER BY c.id DESC LIMIT 1`,
  },
  externalPlan: {
    what: 'a rate plan with an external id',
    madeBy: 'Object_POSTProductRatePlan',
    sql:
      "SELECT r.external_ids ->> '$[0]' AS externalId FROM product_rate_plan AS r WHERE json_array_length(r.external_ids) > 0 " +
      'ORDER BY r.id DESC LIMIT 1',
  },
  unit: {
    what: 'a unit of measure',
    madeBy: 'Object_POSTUnitOfMeasure',
    sql: "SELECT id FROM unit_of_measure WHERE uom_name LIKE 'Example %' ORDER BY id DESC LIMIT 1",
  },
  subscription: { what: 'a subscription', madeBy: 'POST_Subscription', sql: latest('') },
  activeSubscription: {
    what: 'an active subscription with a term',
    madeBy: 'POST_Subscription',
    sql: latest(
      "AND s.status = 'Active' AND s.term_type = 'TERMED' AND s.suspended_on IS NULL AND s.subscription_end_date >= s.term_end_date",
    ),
  },
  suspendedSubscription: {
    what: 'a suspended subscription',
    madeBy: 'PUT_SuspendSubscription',
    sql: latest("AND (s.status = 'Suspended' OR s.suspended_on IS NOT NULL)"),
  },
  freshSubscription: {
    what: 'a subscription with one version, of which nothing was billed',
    madeBy: 'POST_Subscription',
    sql: latest(`AND s.version = 1 AND ${UNBILLED}`),
  },
  order: { what: 'an order', madeBy: 'POST_Order', sql: order("o.status = 'Completed'") },
  orderAction: {
    what: 'an order action',
    madeBy: 'POST_Order',
    sql:
      'SELECT a.id FROM order_action AS a JOIN orders AS o ON o.id = a.order_id ' +
      `WHERE o.account_id = ${CUSTOMER_ID} AND o.status = 'Completed' ORDER BY a.id DESC LIMIT 1`,
  },
  orderLineItem: {
    what: 'an order line item',
    madeBy: 'POST_Order',
    sql:
      'SELECT i.id FROM order_line_item AS i JOIN orders AS o ON o.id = i.order_id ' +
      `WHERE o.account_id = ${CUSTOMER_ID} AND i.item_state IN ('Executing', 'Booked') ORDER BY i.id DESC LIMIT 1`,
  },
  ratePlan: {
    what: 'a rate plan of a subscription',
    madeBy: 'POST_Subscription',
    sql: 'SELECT id FROM rate_plan ORDER BY id DESC LIMIT 1',
  },
  ratePlanCharge: {
    what: 'a charge of a subscription',
    madeBy: 'POST_Subscription',
    sql:
      'SELECT c.id FROM charge AS c JOIN subscription AS s ON s.original_id = c.subscription_original_id AND s.is_latest_version = 1 ' +
      `WHERE s.account_id = ${CUSTOMER_ID} AND s.status = 'Active' ORDER BY c.id DESC LIMIT 1`,
  },
};
