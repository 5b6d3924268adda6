import { exampleObjects } from '../../query/example-objects/index.ts';
import type { ApiDescription, DescribedOperation } from '../../wire/api-description.ts';
import { type CurlContext, curlOf, whatIs } from './curl.ts';
import { Fields, Parameters } from './schema-tables.tsx';

const METHODS_LONG = 6;

/** A link to an operation, wherever it is. */
export function OperationLink({ operation }: { readonly operation: DescribedOperation }) {
  return (
    <a href={`/docs/${operation.area}#${operation.id}`}>
      <code class="method">{operation.method.toUpperCase().padEnd(METHODS_LONG)}</code> {operation.title}
      <small>{operation.path}</small>
    </a>
  );
}

/** All about one operation: what it takes, what it answers, and a call that works. */
export function OperationSection({
  operation,
  description,
  context,
}: {
  readonly operation: DescribedOperation;
  readonly description: ApiDescription;
  readonly context: CurlContext;
}) {
  const { id, method, path, title, role, parameters, body, reply } = operation;
  return (
    <section class="card operation" id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>
        <a href={`/docs/${operation.area}/${id}`}>{title}</a>
      </h2>
      <p>
        <code class="path">
          <span class="method">{method.toUpperCase()}</span> {path}
        </code>
      </p>
      <p class="quiet">
        {role === null ? 'Needs no token.' : `Needs an API client with role ${role}.`} Operation{' '}
        <code>{id}</code>.
      </p>
      <Parameters parameters={parameters} />
      {body === null ? null : (
        <details>
          <summary>Body</summary>
          <Fields schema={body} schemas={description.schemas} />
        </details>
      )}
      {reply === null ? null : (
        <p>
          Answers 200 with <ReplyShape reply={reply} />
        </p>
      )}
      <Curl operation={operation} description={description} context={context} />
    </section>
  );
}

function ReplyShape({ reply }: { readonly reply: NonNullable<DescribedOperation['reply']> }) {
  const name = reply.schema.$ref?.split('/').at(-1);
  if (name !== undefined) return <a href={`#shape-${name}`}>{name}</a>;
  return <code>{reply.type}</code>;
}

function Curl({
  operation,
  description,
  context,
}: {
  readonly operation: DescribedOperation;
  readonly description: ApiDescription;
  readonly context: CurlContext;
}) {
  const { text, needs } = curlOf(operation, context);
  if (text === null) {
    return needs.length === 0 ? null : (
      <div class="needs" data-needs={operation.id}>
        {needs.map((name) => (
          <FirstMake name={name} description={description} />
        ))}
      </div>
    );
  }
  if (text === '') return null;
  return (
    <>
      <div class="copyable">
        <pre tabindex={0}>
          <code id={`${operation.id}-curl`}>{text}</code>
        </pre>
        <button type="button" class="button" data-copy={`${operation.id}-curl`}>
          Copy
        </button>
      </div>
      {needs.length === 0 ? null : <p class="hint">Put in {needs.map(whatIs).join(', ')}.</p>}
    </>
  );
}

function FirstMake({ name, description }: { readonly name: string; readonly description: ApiDescription }) {
  const made = exampleObjects[name]?.madeBy ?? MAKERS[name];
  const maker = description.operations.find(({ id }) => id === made);
  return (
    <p class="hint" data-missing={name} {...(made === undefined ? {} : { 'data-made-by': made })}>
      This needs {whatIs(name)}, and there is none now.{' '}
      {maker === undefined ? null : (
        <>
          First make one by <a href={`/docs/${maker.area}#${maker.id}`}>{maker.title}</a>, and load this page
          again.
        </>
      )}
    </p>
  );
}

/** What makes a record of a collection of Object Query that no example object is. */
const MAKERS: Readonly<Record<string, string>> = {
  'contact-snapshots': 'POST_CreateContact',
  'invoice-items': 'POST_StandaloneInvoice',
  'rate-plan-charge-tiers': 'POST_Subscription',
  'order-actions': 'POST_Order',
  'order-line-items': 'POST_Order',
  orders: 'POST_Order',
  subscriptions: 'POST_Subscription',
  'rate-plans': 'POST_Subscription',
  'rate-plan-charges': 'POST_Subscription',
  usages: 'Object_POSTUsage',
  'billing-runs': 'POST_CreateBillRun',
  invoices: 'POST_StandaloneInvoice',
  payments: 'POST_CreatePayment',
  'payment-applications': 'PUT_ApplyPayment',
  'payment-methods': 'POST_PaymentMethods',
  refunds: 'POST_RefundPayment',
  'refund-applications': 'POST_RefundPayment',
  'credit-memos': 'POST_CreditMemoFromPrpc',
  'credit-memo-items': 'POST_CreditMemoFromPrpc',
  'credit-memo-applications': 'PUT_ApplyCreditMemo',
  'debit-memos': 'POST_DebitMemoFromPrpc',
  'debit-memo-items': 'POST_DebitMemoFromPrpc',
};
