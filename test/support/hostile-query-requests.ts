import type { ValidRequest } from './hostile-requests.ts';
import type { WorkerApi } from './worker-api.ts';

/** Requests of the query languages that would succeed. There must be several accounts. */
export async function queryRequests(api: WorkerApi): Promise<Readonly<Record<string, ValidRequest>>> {
  const queryString = 'select Id, Name, Balance, PartnerAccount from Account where Status != null';
  const first = await api.post('/v1/action/query', { queryString, conf: { batchSize: 1 } });
  return {
    Action_POSTquery: { path: '/v1/action/query', body: { queryString, conf: { batchSize: 2 } } },
    Action_POSTqueryMore: {
      path: '/v1/action/queryMore',
      body: { queryLocator: first.body.queryLocator, conf: { batchSize: 2 } },
    },
    Object_POSTExport: {
      path: '/v1/object/export',
      body: {
        Query: "select AccountNumber, BillToContact.Country from Account where Name like 'A%' limit 5",
        Format: 'csv',
        Name: 'Accounts',
        Zip: true,
      },
    },
    POST_DataQueryJob: {
      path: '/query/jobs',
      body: {
        query:
          'select a.accountnumber, sum(i.balance) from account a join invoice i on i.accountid = a.id group by 1',
        outputFormat: 'DSV',
        compression: 'GZIP',
        output: { target: 'S3' },
        columnSeparator: '|',
        readDeleted: true,
        useIndexJoin: false,
        sourceData: 'LIVE',
      },
    },
  };
}
