import { describe, expect, test } from 'vitest';
import { LaneCache } from '../../src/account/lane-cache.ts';
import { testAccount, testOffer } from '../support/order-objects.ts';

/** The lane's memory: bounded, found by id and number, never a catalog list that is older than the catalog it is read with. */
describe('the lane’s cache', () => {
  test('keeps what is in use and forgets what is not, within its bound', () => {
    const cache = new LaneCache(20);
    const used = testAccount();
    cache.put('account', used);
    const others = Array.from({ length: 100 }, () => testAccount());
    for (const other of others) {
      cache.put('account', other);
      expect(cache.find('account', used.id)).toBe(used);
      expect(cache.find('account', used.accountNumber)).toBe(used);
    }
    const remembered = others.filter(({ id }) => cache.find('account', id) !== undefined);
    expect(remembered.length).toBeLessThanOrEqual(20);
  });

  test('an object is gone by id and by number once it is deleted or replaced', () => {
    const cache = new LaneCache(20);
    const account = testAccount();
    cache.put('account', account);
    cache.put('account', { ...account, revision: 2 });
    expect(cache.find('account', account.accountNumber)?.revision).toBe(2);
    cache.delete('account', account.id);
    expect(cache.find('account', account.id)).toBeUndefined();
    expect(cache.find('account', account.accountNumber)).toBeUndefined();
  });

  test('offers go when the catalog moves, also after the catalog’s own entry was forgotten', () => {
    const cache = new LaneCache(8);
    const { offer } = testOffer();
    cache.put('catalogState', { id: 'catalog', revision: 5 });
    cache.put('ratePlanOffer', offer);
    for (let i = 0; i < 3; i++) {
      cache.put('account', testAccount());
      expect(cache.find('ratePlanOffer', offer.id)).toBe(offer);
    }
    expect(cache.find('catalogState', 'catalog')).toBeUndefined();
    cache.put('catalogState', { id: 'catalog', revision: 5 });
    expect(cache.find('ratePlanOffer', offer.id)).toBe(offer);
    cache.put('catalogState', { id: 'catalog', revision: 6 });
    expect(cache.find('ratePlanOffer', offer.id)).toBeUndefined();
    expect(cache.find('ratePlanOffer', offer.plan.ratePlanNumber)).toBeUndefined();
  });
});
