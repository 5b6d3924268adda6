import { operations } from './contract-data.ts';

type Route = { operationId: string; method: string; pattern: RegExp; literalSegments: number };

const routes: Route[] = Object.entries(operations)
  .map(([operationId, { method, path }]) => ({
    operationId,
    method,
    pattern: new RegExp(`^${path.replace(/\./g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`),
    literalSegments: path.split('/').filter((segment) => !segment.startsWith('{')).length,
  }))
  .sort((a, b) => b.literalSegments - a.literalSegments);

/**
 * The core operation that a request calls; `/v1/orders/preview` is the preview and no order with that number.
 *
 * @param target path with or without query, or a full URL.
 */
export function matchOperation(method: string, target: string): string | undefined {
  const { pathname } = new URL(target, 'http://any');
  return routes.find((route) => route.method === method && route.pattern.test(pathname))?.operationId;
}
