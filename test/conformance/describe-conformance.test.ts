import { expect } from 'vitest';
import { conformance } from './support/conformance.ts';

// Objects described as XML, as connectors read them; what there is not is refused as JSON.
conformance('GET_Describe', 'describes an object with the types that connectors know', async (api) => {
  const { status, headers, text } = await api.get('/v1/describe/Account?showRelationships=true');
  expect(status).toBe(200);
  expect(headers['content-type']).toMatch(/^text\/xml/);
  const types = new Set([...text.matchAll(/<type>(\w+)<\/type>/g)].map((match) => match[1]));
  expect([...types].sort()).toEqual([
    'boolean',
    'date',
    'datetime',
    'decimal',
    'integer',
    'picklist',
    'text',
  ]);
  const id = /<field><name>Id<\/name>.*?<\/field>/.exec(text)?.[0];
  expect(id).toContain(
    '<selectable>true</selectable><createable>false</createable><updateable>false</updateable>',
  );
  expect(id).toContain('<contexts><context>soap</context><context>export</context></contexts>');
  expect(text).toContain('<name>PartnerAccount</name><label>Partner Account</label>');
  expect(text).toContain('<name>BillToContact</name><label>Contact</label><cardinality>n-to-1</cardinality>');
});

conformance('GET_Describe', 'refuses what is no object', async (api) => {
  expect(await api.get('/v1/describe/Nothing')).toMatchObject({ status: 404, body: { success: false } });
});
