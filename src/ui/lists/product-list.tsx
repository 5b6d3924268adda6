import { dateColumn, linkColumn, pathOf, textColumn } from './cells.tsx';
import type { ObjectList } from './object-list.tsx';

export const productList: ObjectList = {
  collection: 'products',
  title: 'Products',
  sort: 'updateddate.DESC',
  columns: [
    linkColumn('Name', 'name', pathOf('products', 'id'), { sort: 'name' }),
    textColumn('SKU', 'sku', { sort: 'sku' }),
    textColumn('Number', 'productNumber', { sort: 'productnumber', isWideOnly: true }),
    textColumn('Category', 'category', { isWideOnly: true }),
    dateColumn('Sold from', 'effectiveStartDate', { sort: 'effectivestartdate' }),
    dateColumn('Sold until', 'effectiveEndDate', { sort: 'effectiveenddate' }),
  ],
  filters: [
    {
      name: 'name',
      label: 'Name begins with',
      type: 'search',
      filtersOf: (value) => [`name.SW:${value}`],
    },
    { name: 'sku', label: 'SKU', type: 'search', filtersOf: (value) => [`sku.EQ:${value}`] },
    {
      name: 'sold',
      label: 'Sold on',
      type: 'date',
      filtersOf: (value) => [`effectivestartdate.LE:${value}`, `effectiveenddate.GE:${value}`],
    },
  ],
  empty: (
    <>
      <h2>No products yet</h2>
      <p>
        A product is what is sold; its rate plans are the ways in which it is sold, and their charges say what
        each costs. Create the first one here, or by POST /v1/object/product.
      </p>
    </>
  ),
};
