import type { Examples, FirstCall } from '../../../wire/api-description.ts';

/** Everything that reads, and administration. */

const batchJob = {
  format: 'csv',
  version: 1.1,
  name: 'Example',
  partner: 'example',
  project: 'accounts',
  queries: [
    { name: 'accounts', type: 'zoqlexport', query: 'select AccountNumber, Name, Balance from Account' },
  ],
};

const dataQuery = {
  query: 'SELECT accountnumber, balance FROM account ORDER BY balance DESC LIMIT 10',
  outputFormat: 'CSV',
  compression: 'NONE',
  output: { target: 'S3' },
};

const runningBatchJob: FirstCall = { path: '/v1/batch-query/', body: batchJob, takes: { JOB: 'id' } };
const runningDataQuery: FirstCall = { path: '/query/jobs', body: dataQuery, takes: { JOB: 'id' } };

const loggedCall: FirstCall = { path: '/v1/spillway/api-log?pageSize=1', takes: { CALL: 'requestId' } };

export const queryExamples: Examples = {
  Action_POSTquery: {
    body: { queryString: 'select AccountNumber, Name from Account', conf: { batchSize: 2 } },
  },
  Action_POSTqueryMore: { body: { queryLocator: '{{locator.locator}}' } },
  Object_POSTExport: {
    body: { Format: 'csv', Name: 'Accounts', Query: 'select AccountNumber, Name, Balance from Account' },
  },
  Object_GETExport: { path: { id: '{{export.id}}' } },
  POST_BatchQueryJob: { body: batchJob },
  GET_BatchQueryJob: { path: { jobId: '{{batchJob.id}}' } },
  GET_LastBatchQueryJob: {
    path: { partner: '{{completedBatchJob.partner}}', project: '{{completedBatchJob.project}}' },
  },
  DELETE_BatchQueryJob: { first: runningBatchJob, path: { jobId: '$JOB' } },
  POST_DataQueryJob: { body: dataQuery },
  GET_DataQueryJob: { path: { jobId: '{{dataQueryJob.uuid}}' } },
  DELETE_DataQueryJob: { first: runningDataQuery, path: { jobId: '$JOB' } },
  GET_OperationJob: { path: { jobId: '{{operationJob.id}}' } },
  GET_Describe: { path: { object: 'Account' } },

  queryAccounts: {
    query: [
      ['filter[]', 'accountnumber.SW:A-DEMO'],
      ['sort[]', 'accountnumber.ASC'],
      ['fields[]', 'accountnumber,name,balance'],
      ['pageSize', '5'],
    ],
  },

  spillwayPutSettings: { body: { metrics: { foldDelaySeconds: 1 } } },
  spillwayCreateApiClient: { body: { name: 'Example reader', role: 'read' } },
  spillwayRevokeApiClient: { path: { id: '{{apiClient.id}}' } },
  spillwayRotateApiClient: { path: { id: '{{apiClient.id}}' } },
  spillwaySearch: { query: [['q', 'Harbour']] },
  spillwayGetApiCall: { first: loggedCall, path: { requestId: '$CALL' } },
  spillwayGetJob: { path: { jobId: '{{orderJob.id}}' } },
  spillwayCancelJob: { first: runningBatchJob, path: { jobId: '$JOB' } },
  spillwayCreateUser: {
    body: {
      email: 'example-{{day.second}}@example.com',
      name: 'Example reader',
      role: 'read',
      password: 'correct horse battery',
    },
  },
  spillwayGetUser: { path: { id: '{{user.id}}' } },
  spillwayUpdateUser: { path: { id: '{{user.id}}' }, body: { name: 'Leo Lawrence' } },
  spillwaySetUserPassword: { path: { id: '{{user.id}}' }, body: { password: 'battery horse correct' } },
  spillwayReplayDeadLetter: { path: { id: '{{deadLetter.id}}' } },
};
