import { describe, expect, test } from 'vitest';
import { operations, samples } from './support/contract-data.ts';
import { validateReply } from './support/reply-validator.ts';

// Every published reply of a core operation keeps the contract as the validator reads it: the samples are what clients
// see, so a sample that fails would mean that the validator asks for something that Zuora itself does not send.
describe('published samples', () => {
  test('every published reply of a core operation validates', () => {
    const failing: Record<string, string[]> = {};
    let checked = 0;
    for (const [operationId, sample] of Object.entries(samples)) {
      if (sample.response === undefined) continue;
      checked += 1;
      const violations = validateReply(operationId, 200, sample.response);
      if (violations.length > 0) {
        failing[operationId] = violations.map(({ path, message }) => `${path} ${message}`);
      }
    }
    expect(failing).toEqual({});
    expect(checked).toBeGreaterThan(Object.keys(operations).length * 0.9);
  });
});
