import type {
  ApiDescription,
  DescribedOperation,
  JsonSchema,
  OpenApiParameter,
} from '../../wire/api-description.ts';
import type { AnyOperation } from '../operation.ts';
import { areaOf, areas } from './areas.ts';
import { type OpenApiDocument, type OpenApiOperation, openApiDocument } from './document.ts';
import { exampleOf } from './examples/index.ts';

/** The description for the documentation's pages, made of the document once, when it is first asked for. */
export function apiDescriptionOf(operations: readonly AnyOperation[]): () => ApiDescription {
  let built: ApiDescription | undefined;
  return () => {
    built ??= build(operations);
    return built;
  };
}

function build(operations: readonly AnyOperation[]): ApiDescription {
  const document = openApiDocument(operations);
  const roles = new Map(operations.map(({ id, role }) => [id, role]));
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): DescribedOperation => {
      const plainPath = path.replaceAll(/\{(\w+)\}/g, ':$1');
      const id = operation.operationId;
      return {
        id,
        area: areaOf(plainPath).id,
        method,
        path,
        title: operation.summary,
        role: roles.get(id) ?? null,
        parameters: parametersOf(operation, document),
        body: Object.values(operation.requestBody?.content ?? {})[0]?.schema ?? null,
        reply: replyOf(operation),
        example: exampleOf({ id, method, path: plainPath }),
      };
    }),
  );
  return {
    areas: areas.map(({ id, name, about }) => ({ id, name, about })),
    operations: described,
    schemas: document.components.schemas,
  };
}

/** Those of this very operation: headers that all have alike are said once. */
function parametersOf({ parameters }: OpenApiOperation, { components }: OpenApiDocument): OpenApiParameter[] {
  return parameters.flatMap((parameter) => {
    if ('in' in parameter) return [parameter];
    const name = parameter.$ref.split('/').at(-1)!;
    return name === 'IdempotencyKey'
      ? [(components.parameters as Record<string, OpenApiParameter>)[name]!]
      : [];
  });
}

function replyOf({ responses }: OpenApiOperation): { type: string; schema: JsonSchema } | null {
  const success = responses[200];
  const [content] =
    success !== undefined && 'content' in success ? Object.entries(success.content ?? {}) : [];
  return content === undefined ? null : { type: content[0], schema: content[1].schema };
}
