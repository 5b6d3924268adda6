import { execute, placement } from './account/client.ts';
import { newTimeOrderedId } from './account/runtime.ts';
import { asynchronousCommands } from './domain/async-jobs/asynchronous-commands.ts';
import type { Env } from './env.ts';
import { gatewaysOf } from './gateways/registry.ts';
import { createApp, operations, type Pages } from './http/app.ts';
import { createInProcessApi } from './http/in-process.ts';
import { apiDescriptionOf } from './http/openapi/description.ts';
import { consumeDeadLetters, consumeMetrics, consumerPorts } from './jobs/consume.ts';
import { consumeJobs } from './jobs/consume-jobs.ts';
import { sendAll } from './jobs/send-all.ts';
import { sweep } from './jobs/sweep.ts';
import { noticeOf } from './query/aqua/notices.ts';
import { compileDataQuery, type DataQueryOptions } from './query/data-query/compile.ts';
import { languages } from './query/execution/languages.ts';
import { compileExportZoql, type ExportZoqlOptions } from './query/export-zoql/compile.ts';
import { compileZoql } from './query/zoql/compile.ts';
import { createPages, pageNotFound } from './ui/pages.tsx';

export { AccountObject } from './account/account-object.ts';
export { CommitObject } from './account/commit-object.ts';
export { LogObject } from './persistence/api-log/log-object.ts';
export { QueryObject } from './query/execution/query-object.ts';

languages.set('exportZoql', (text, options) =>
  compileExportZoql(text, options as unknown as ExportZoqlOptions),
);
languages.set('zoql', (text, options) => compileZoql(text, options as unknown as ExportZoqlOptions));
languages.set('dataQuery', (text, options) => compileDataQuery(text, options as unknown as DataQueryOptions));

/** Middleware of the API and of the pages leaves different things behind; what both use has the same name. */
const pages = {
  app: createPages(createInProcessApi(), apiDescriptionOf(operations)),
  notFound: pageNotFound,
} as unknown as Pages;
const app = createApp(pages);

export default {
  fetch: app.fetch,
  async queue(batch, env) {
    const ports = consumerPorts(env);
    if (batch.queue === 'spillway-metrics') await consumeMetrics(batch, ports);
    else if (batch.queue === 'spillway-jobs') {
      await consumeJobs(batch, {
        ...ports,
        send: (message) => env.JOBS_QUEUE.send(message),
        sendAll: (messages) => sendAll(env.JOBS_QUEUE, messages),
        bucket: env.FILES,
        execute: (laneId, command) => execute(env, laneId, command),
        newId: newTimeOrderedId,
        gateways: gatewaysOf(env),
        asynchronousCommands,
        queries: {
          advance: (jobId) => env.QUERIES.get(env.QUERIES.idFromName(jobId), placement(env)).advance(jobId),
          onFinished: async (jobId) => {
            await env.JOBS_QUEUE.send({ version: 1, job: 'notify', jobId });
          },
        },
        jobEnds: {
          noticeOf: (jobId) => noticeOf(ports.db, jobId, ports.now()),
          allowLoopback: env.NOTIFY_LOOPBACK === 'on',
        },
      });
    } else await consumeDeadLetters(batch, ports);
  },
  async scheduled(_event, env) {
    await sweep(env);
  },
} satisfies ExportedHandler<Env>;
