import { encoded, type Json, type PageApi, queryOf } from '../../api.ts';
import { Card, Facts, Pager, Status } from '../../components/parts.tsx';
import { Table } from '../../components/table.tsx';
import { page } from '../../layout.tsx';
import type { PageContext } from '../../page-env.ts';
import { mayWrite } from '../../roles.ts';
import { modelLabel } from './charge-models.ts';
import { PriceLines } from './prices.tsx';

const PLANS_PER_PAGE = 10;

/** A product with its rate plans, their charges and what those cost. */
export async function showProduct(c: PageContext, api: PageApi, product: Json): Promise<Response> {
  const number = Number(c.req.query('page') ?? '1');
  const pageNumber = Number.isInteger(number) && number > 0 ? number : 1;
  const path = `/products/${encoded(product.id)}`;
  const query = queryOf({ page: pageNumber, pageSize: PLANS_PER_PAGE });
  const { productRatePlans: plans, nextPage } = await api.read(
    `/v1/products/${encoded(product.id)}/product-rate-plans${query}`,
  );
  const format = c.get('format');
  const actions = mayWrite(c) ? (
    <>
      <a class="button primary" href={`${path}/rate-plans/new`}>
        New rate plan
      </a>
      <a class="button" href={`${path}/edit`}>
        Edit
      </a>
      <a class="button" href={`${path}/delete`}>
        Delete
      </a>
    </>
  ) : undefined;
  return page(
    c,
    { title: product.name, crumbs: [{ label: 'Products', path: '/products' }], actions },
    <>
      <Card title="Product">
        <Facts
          facts={[
            ['SKU', product.sku],
            ['Product number', product.productNumber],
            ['Category', product.category],
            [
              'Effective',
              `${format.date(product.effectiveStartDate)} – ${format.date(product.effectiveEndDate)}`,
            ],
            ['Description', product.description],
            ['Id', <span class="code">{product.id}</span>],
          ]}
        />
      </Card>
      {plans.length === 0 ? (
        <div class="empty">
          <h2>No rate plans yet</h2>
          <p>A rate plan is one way in which the product is sold. Its charges say what it costs.</p>
        </div>
      ) : (
        plans.map((plan: Json) => <RatePlan c={c} productPath={path} plan={plan} />)
      )}
      {pageNumber === 1 && nextPage === undefined ? null : (
        <Pager
          first={pageNumber === 1 ? null : path}
          next={nextPage === undefined ? null : `${path}?page=${pageNumber + 1}`}
          shown={`${plans.length} rate plans`}
        />
      )}
    </>,
  );
}

function RatePlan({
  c,
  productPath,
  plan,
}: {
  readonly c: PageContext;
  readonly productPath: string;
  readonly plan: Json;
}) {
  const format = c.get('format');
  const path = `${productPath}/rate-plans/${encoded(plan.id)}`;
  const actions = mayWrite(c) ? (
    <>
      <a class="button" href={`${path}/charges/new`}>
        New charge<span class="hidden">{` of ${plan.name}`}</span>
      </a>
      <a class="button" href={`${path}/edit`}>
        Edit<span class="hidden">{` ${plan.name}`}</span>
      </a>
      <a class="button" href={`${path}/delete`}>
        Delete<span class="hidden">{` ${plan.name}`}</span>
      </a>
    </>
  ) : undefined;
  return (
    <Card title={plan.name} actions={actions} id={`plan-${plan.id}`}>
      <Facts
        facts={[
          ['Status', <Status value={plan.status} />],
          ['Rate plan number', plan.productRatePlanNumber],
          ['Effective', `${format.date(plan.effectiveStartDate)} – ${format.date(plan.effectiveEndDate)}`],
          ['Description', plan.description],
          ['Grade', plan.grade],
          ['Id', <span class="code">{plan.id}</span>],
        ]}
      />
      <Table
        caption={`Charges of ${plan.name}`}
        rows={plan.productRatePlanCharges as Json[]}
        columns={[
          {
            title: 'Charge',
            cell: (charge) => <a href={`${productPath}/charges/${encoded(charge.id)}`}>{charge.name}</a>,
          },
          { title: 'Model', cell: (charge) => modelLabel(charge.model) },
          { title: 'Type', cell: (charge) => charge.type },
          {
            title: 'Billed',
            isWideOnly: true,
            cell: (charge) =>
              [words(charge.billingPeriod), words(charge.billingTiming)].filter(Boolean).join(', '),
          },
          { title: 'Unit', cell: (charge) => charge.uom, isWideOnly: true },
          { title: 'Price', cell: (charge) => <PriceLines c={c} charge={charge} /> },
        ]}
        empty={<p>This plan has no charges yet: it costs nothing.</p>}
      />
    </Card>
  );
}

/** The wire's words as people read them: IN_ADVANCE, Semi_Annual. */
function words(text: string | undefined | null): string {
  if (!text) return '';
  const plain = text.replaceAll('_', ' ');
  return plain === plain.toUpperCase() ? plain.toLowerCase() : plain;
}
