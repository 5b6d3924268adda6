import { encoded, messagesOf, type PageApi } from '../../api.ts';
import { confirmPage, plainProblems } from '../../components/confirm.tsx';
import { bodyOf, initialValues, type Section, valuesFrom } from '../../forms/fields.ts';
import { Form, keyOf } from '../../forms/form.tsx';
import { type FormValues, valuesOf } from '../../forms/form-values.ts';
import { type Problem, problemsOf } from '../../forms/problems.ts';
import { type Crumb, page } from '../../layout.tsx';
import { csvOfList, isCsv, showList } from '../../lists/object-list.tsx';
import { productList } from '../../lists/product-list.tsx';
import type { PageContext } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import { mayWrite, onlyFor } from '../../roles.ts';
import { productSections, ratePlanSections } from './catalog-fields.ts';
import { showProduct } from './product-page.tsx';

const PRODUCTS: Crumb = { label: 'Products', path: '/products' };

/** A form of the catalog: where it stands, and what it makes or changes. */
interface CatalogForm {
  readonly title: string;
  readonly crumbs: readonly Crumb[];
  readonly action: string;
  readonly submit: string;
  readonly cancel: string;
  readonly sections: readonly Section[];
}

function showForm(
  c: PageContext,
  form: CatalogForm,
  values: FormValues,
  problems: readonly Problem[] = [],
): Response | Promise<Response> {
  const { title, crumbs, ...rest } = form;
  return page(
    c,
    { title, crumbs, status: problems.length === 0 ? 200 : 400 },
    <Form c={c} values={values} problems={problems} {...rest} />,
  );
}

/** Sends the form and shows where its effect is seen, or the form again. */
async function sendForm(
  c: PageContext,
  api: PageApi,
  form: CatalogForm,
  request: {
    readonly method: 'POST' | 'PUT';
    readonly path: string;
    readonly more?: object;
    readonly shownAt: (id: string) => string;
  },
): Promise<Response> {
  const values = c.get('form');
  const fields = form.sections.flatMap((section) => section.fields);
  const body = { ...bodyOf(fields, values), ...request.more };
  const reply = await api.send(request.method, request.path, { body, key: keyOf(c) });
  if (!reply.isOk) return showForm(c, form, values, problemsOf(reply, fields));
  return c.redirect(request.shownAt(reply.body.Id), 303);
}

/** The product that the path names, as the catalog shows it. */
async function productOf(c: PageContext, api: PageApi) {
  return api.read(`/v1/catalog/products/${encoded(c.req.param('id') ?? '')}`);
}

function newProductForm(): CatalogForm {
  return {
    title: 'New product',
    crumbs: [PRODUCTS],
    action: '/products/new',
    submit: 'Create product',
    cancel: '/products',
    sections: productSections('omit'),
  };
}

const productPath = (id: string) => `/products/${encoded(id)}`;

export const productPages: PageRoutes = (app, apiOf) => {
  app.get('/products', async (c) => {
    const place = { path: '/products' };
    if (isCsv(c)) return csvOfList(c, apiOf(c), productList, place);
    const actions = (
      <>
        {mayWrite(c) ? (
          <a class="button primary" href="/products/new">
            New product
          </a>
        ) : null}
        <a class="button" href="/products/units">
          Units of measure
        </a>
      </>
    );
    return page(c, { title: 'Products', actions }, await showList(c, apiOf(c), productList, place));
  });
  app.get('/products/new', (c) => {
    onlyFor(c, 'standard');
    const form = newProductForm();
    const fields = form.sections.flatMap((section) => section.fields);
    const today = new Date().toISOString().slice(0, 10);
    return showForm(c, form, initialValues(fields, { EffectiveStartDate: today }));
  });
  app.post('/products/new', (c) =>
    sendForm(c, apiOf(c), newProductForm(), {
      method: 'POST',
      path: '/v1/object/product',
      shownAt: productPath,
    }),
  );
  app.get('/products/:id', async (c) => showProduct(c, apiOf(c), await productOf(c, apiOf(c))));
  editing(app, apiOf);
  ratePlans(app, apiOf);
};

const editing: PageRoutes = (app, apiOf) => {
  const formOf = (product: { id: string; name: string }): CatalogForm => ({
    title: `Edit ${product.name}`,
    crumbs: [PRODUCTS, { label: product.name, path: productPath(product.id) }],
    action: `${productPath(product.id)}/edit`,
    submit: 'Save product',
    cancel: productPath(product.id),
    sections: productSections('text'),
  });
  app.get('/products/:id/edit', async (c) => {
    onlyFor(c, 'standard');
    const api = apiOf(c);
    const product = await productOf(c, api);
    const object = await api.read(`/v1/object/product/${encoded(product.id)}`);
    const form = formOf(product);
    const fields = form.sections.flatMap((section) => section.fields);
    const shown = { ...object, ProductNumber: product.productNumber };
    return showForm(c, form, valuesOf(valuesFrom(fields, shown)));
  });
  app.post('/products/:id/edit', async (c) => {
    const api = apiOf(c);
    const product = await productOf(c, api);
    return sendForm(c, api, formOf(product), {
      method: 'PUT',
      path: `/v1/object/product/${encoded(product.id)}`,
      shownAt: () => productPath(product.id),
    });
  });
  const question = (product: { id: string; name: string }) => ({
    title: `Delete ${product.name}?`,
    crumbs: [PRODUCTS, { label: product.name, path: productPath(product.id) }],
    consequence:
      'The product is deleted with its rate plans and their charges. What a subscription has, or ever had, cannot be deleted.',
    action: `${productPath(product.id)}/delete`,
    label: 'Delete product',
    cancel: productPath(product.id),
  });
  app.get('/products/:id/delete', async (c) => {
    onlyFor(c, 'standard');
    return confirmPage(c, question(await productOf(c, apiOf(c))));
  });
  app.post('/products/:id/delete', async (c) => {
    const api = apiOf(c);
    const product = await api.find(`/v1/catalog/products/${encoded(c.req.param('id'))}`);
    // Sent twice: the first has deleted it.
    if (product === null) return c.redirect('/products', 303);
    const reply = await api.send('DELETE', `/v1/object/product/${encoded(product.id)}`, {
      key: keyOf(c),
    });
    if (reply.isOk) return c.redirect('/products', 303);
    const problems = plainProblems(messagesOf(reply.body), reply.status);
    return confirmPage(c, { ...question(product), problems });
  });
};

const ratePlans: PageRoutes = (app, apiOf) => {
  const crumbsOf = (product: { id: string; name: string }): Crumb[] => [
    PRODUCTS,
    { label: product.name, path: productPath(product.id) },
  ];
  const newForm = (product: { id: string; name: string }): CatalogForm => ({
    title: 'New rate plan',
    crumbs: crumbsOf(product),
    action: `${productPath(product.id)}/rate-plans/new`,
    submit: 'Create rate plan',
    cancel: productPath(product.id),
    sections: ratePlanSections('omit'),
  });
  const planPath = (product: { id: string }, planId: string) =>
    `${productPath(product.id)}/rate-plans/${encoded(planId)}`;
  const planOf = (c: PageContext, api: PageApi) =>
    api.read(`/v1/product-rate-plans/${encoded(c.req.param('planId') ?? '')}`);
  const editForm = (
    product: { id: string; name: string },
    plan: { id: string; name: string },
  ): CatalogForm => ({
    title: `Edit ${plan.name}`,
    crumbs: crumbsOf(product),
    action: `${planPath(product, plan.id)}/edit`,
    submit: 'Save rate plan',
    cancel: productPath(product.id),
    sections: ratePlanSections('text'),
  });
  app.get('/products/:id/rate-plans/new', async (c) => {
    onlyFor(c, 'standard');
    return showForm(c, newForm(await productOf(c, apiOf(c))), valuesOf({}));
  });
  app.post('/products/:id/rate-plans/new', async (c) => {
    const api = apiOf(c);
    const product = await productOf(c, api);
    return sendForm(c, api, newForm(product), {
      method: 'POST',
      path: '/v1/object/product-rate-plan',
      more: { ProductId: product.id },
      shownAt: (id) => `${productPath(product.id)}#plan-${id}`,
    });
  });
  app.get('/products/:id/rate-plans/:planId/edit', async (c) => {
    onlyFor(c, 'standard');
    const api = apiOf(c);
    const [product, plan] = await Promise.all([productOf(c, api), planOf(c, api)]);
    const form = editForm(product, plan);
    const fields = form.sections.flatMap((section) => section.fields);
    const shown = {
      Name: plan.name,
      ProductRatePlanNumber: plan.productRatePlanNumber,
      Description: plan.description,
      EffectiveStartDate: plan.effectiveStartDate,
      EffectiveEndDate: plan.effectiveEndDate,
      Grade: plan.grade,
      ExternalRatePlanIds: plan.externallyManagedPlanIds,
      ExternalIdSourceSystem: plan.externalIdSourceSystem,
    };
    return showForm(c, form, valuesOf(valuesFrom(fields, shown)));
  });
  app.post('/products/:id/rate-plans/:planId/edit', async (c) => {
    const api = apiOf(c);
    const [product, plan] = await Promise.all([productOf(c, api), planOf(c, api)]);
    return sendForm(c, api, editForm(product, plan), {
      method: 'PUT',
      path: `/v1/object/product-rate-plan/${encoded(plan.id)}`,
      shownAt: (id) => `${productPath(product.id)}#plan-${id}`,
    });
  });
  const question = (product: { id: string; name: string }, plan: { id: string; name: string }) => ({
    title: `Delete ${plan.name}?`,
    crumbs: crumbsOf(product),
    consequence:
      'The rate plan is deleted with its charges. What a subscription has, or ever had, cannot be deleted: end its dates instead.',
    action: `${planPath(product, plan.id)}/delete`,
    label: 'Delete rate plan',
    cancel: productPath(product.id),
  });
  app.get('/products/:id/rate-plans/:planId/delete', async (c) => {
    onlyFor(c, 'standard');
    const api = apiOf(c);
    const [product, plan] = await Promise.all([productOf(c, api), planOf(c, api)]);
    return confirmPage(c, question(product, plan));
  });
  app.post('/products/:id/rate-plans/:planId/delete', async (c) => {
    const api = apiOf(c);
    const product = await productOf(c, api);
    const plan = await api.find(`/v1/product-rate-plans/${encoded(c.req.param('planId'))}`);
    if (plan === null) return c.redirect(productPath(product.id), 303);
    const reply = await api.send('DELETE', `/v1/object/product-rate-plan/${encoded(plan.id)}`, {
      key: keyOf(c),
    });
    if (reply.isOk) return c.redirect(productPath(product.id), 303);
    const problems = plainProblems(messagesOf(reply.body), reply.status);
    return confirmPage(c, { ...question(product, plan), problems });
  });
};
