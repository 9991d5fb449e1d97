import { join } from 'node:path';
import { getIntrospectionQuery } from 'graphql';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alpineAdvisory, writeOsvMirror } from '../support/advisories.js';
import { alpine, writeFiles } from '../support/image.js';
import { startTestApp, type TestApp } from './app.js';

const NAMES = ['busybox', 'musl', 'openssl', 'scanelf', 'zlib'];
const UNKNOWN_ID = '01890a5d-ac96-774b-bcce-b302099a8057';

describe('GraphQL', () => {
  let service: TestApp;
  let reference: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
  let scan: any;

  beforeAll(async () => {
    service = await startTestApp({ environment: 'production' });
    const advisories = NAMES.map((name, i) => alpineAdvisory(`CVE-2024-000${i}`, name, '9.0.0-r0'));
    await writeOsvMirror(service.mirror, { Alpine: advisories });
    await service.sync();
    reference = `rootfs:${join(service.importDir, 'root')}`;
    await writeFiles(join(service.importDir, 'root'), alpine(NAMES.map((name) => ({ name, version: '1.0.0-r0' }))));
    scan = await service.scan(reference);
  });
  afterAll(() => service.close());

  const ask = async (query: string, variables: object = {}) => {
    const { status, body } = await service.request('POST', '/graphql', { query, variables });
    return { status, data: body.data, errors: body.errors, code: body.errors?.[0]?.extensions?.code };
  };

  it('answers the same as REST', async () => {
    const fields = `id target{id kind reference name} status trigger options{platform lockfiles secrets} priority progress{phase percent}
      createdAt startedAt finishedAt error{code message} coverage{complete items{code subject message}}
      counts{critical high medium low unknown} inventoryDigest imageDigest`;
    const { data, errors } = await ask(
      `query($id:ID!){scan(id:$id){${fields}
        packages{nodes{purl type ecosystem name version source{name version} architecture licenses module locations{path layer}}}
        findings{nodes{id fingerprint kind ruleId aliases advisories title severity severitySource
          cvss{version vector score source} ratings{source severity cvss{version score}}
          risk{score parts{severity exploitation knownExploited exposure} epss{probability percentile date} kev{dateAdded dueDate ransomware}} status vex{status} target{id kind reference name}
          package{purl name version source{name version}} fixedVersion fixState location{path line layer resource}
          openedAt closedAt}}}}`,
      { id: scan.id },
    );
    expect(errors).toBeUndefined();
    const { packages, findings, ...rest } = data.scan;
    expect(rest).toEqual(scan);
    expect(packages.nodes).toEqual((await service.request('GET', `/v1/scans/${scan.id}/packages`)).body.items);
    expect(findings.nodes).toEqual((await service.request('GET', `/v1/scans/${scan.id}/findings`)).body.items);
  });

  it('reads targets, findings, feeds and events', async () => {
    const { data, errors } = await ask(`{
      targets{nodes{id labels findings(severity:[unknown]){nodes{ruleId}}}}
      findings(status:[open]){nodes{id}}
      feeds{edges{cursor node{name records}} pageInfo{hasNextPage}}
      feed(name:"osv"){status enabled progress{percent} parts{part records}}
    }`);
    expect(errors).toBeUndefined();
    expect(data.targets.nodes).toMatchObject([{ id: scan.target.id, labels: {} }]);
    expect(data.targets.nodes[0].findings.nodes).toHaveLength(NAMES.length);
    expect(data.findings.nodes).toHaveLength(NAMES.length);
    expect(data.feeds.edges).toContainEqual({ cursor: 'endoflife', node: { name: 'endoflife', records: 0 } });
    expect(data.feeds.edges).toContainEqual({ cursor: 'osv', node: { name: 'osv', records: NAMES.length } });
    expect(data.feed).toEqual({
      status: 'idle',
      enabled: true,
      progress: { percent: 100 },
      parts: [{ part: 'Alpine', records: NAMES.length }],
    });
    const events = async () => (await ask('{events(first:2){pageInfo{hasNextPage endCursor}}}')).data.events;
    await expect.poll(events).toEqual({ pageInfo: { hasNextPage: true, endCursor: '2' } });
    const { data: one } = await ask('query($id:ID!,$t:ID!){finding(id:$id){id} target(id:$t){id}}', {
      id: data.findings.nodes[0].id,
      t: scan.target.id,
    });
    expect(one).toEqual({ finding: data.findings.nodes[0], target: { id: scan.target.id } });
  });

  it('walks a connection by its cursors, also from within a page', async () => {
    const page = async (first: number, after: string | null) => {
      const query =
        'query($first:Int!,$after:String){findings(first:$first,after:$after){edges{cursor node{id}} pageInfo{hasNextPage endCursor}}}';
      return (await ask(query, { first, after })).data.findings;
    };
    const all = (await page(100, null)).edges;
    expect(all).toHaveLength(NAMES.length);
    const seen: unknown[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { edges, pageInfo } = await page(2, after);
      seen.push(...edges.map((edge: { node: unknown }) => edge.node));
      ({ endCursor: after, hasNextPage: more } = pageInfo);
    }
    expect(seen).toEqual(all.map((edge: { node: unknown }) => edge.node));
    expect((await page(1, all[1].cursor)).edges[0].node).toEqual(all[2].node);
  });

  it('creates a scan once for a key, and cancels none that has ended', async () => {
    const mutation =
      'mutation($input:CreateScanInput!){createScan(input:$input,idempotencyKey:"one"){id target{name} options{platform lockfiles secrets}}}';
    const input = {
      target: { kind: 'image', reference, name: 'shop', labels: { a: 'b' } },
      options: { platform: 'linux/amd64' },
    };
    const first = await ask(mutation, { input });
    expect(first.data.createScan).toMatchObject({ target: { name: 'shop' }, options: { platform: 'linux/amd64' } });
    expect((await ask(mutation, { input })).data).toEqual(first.data);
    expect((await ask(mutation, { input: { ...input, priority: 1 } })).code).toBe('idempotency_key_reused');
    expect((await ask('mutation($id:ID!){cancelScan(id:$id){id}}', { id: scan.id })).code).toBe('scan_not_cancellable');
    expect((await ask('mutation{syncFeed(name:"osv"){status}}')).data.syncFeed.status).toBe('running');
    await service.sync();
  });

  it.each<[string, string, object, string]>([
    ['an unknown field', '{scans{nodes{colour}}}', {}, 'invalid_request'],
    ['bad syntax', '{scans', {}, 'invalid_request'],
    ['a missing variable', 'query($id:ID!){scan(id:$id){id}}', {}, 'invalid_request'],
    ['an unknown enum value', '{findings(severity:[awful]){nodes{id}}}', {}, 'invalid_request'],
    ['first of 0', '{scans(first:0){nodes{id}}}', {}, 'invalid_request'],
    ['first of 501', '{scans(first:501){nodes{id}}}', {}, 'invalid_request'],
    ['a malformed position', '{events(after:"x"){nodes{type}}}', {}, 'invalid_request'],
    ['a malformed cursor', '{scans(after:"x"){nodes{id}}}', {}, 'malformed_cursor'],
    ['a cursor with a bad one inside', `{scans(after:"${btoa('[0,"x"]')}"){nodes{id}}}`, {}, 'malformed_cursor'],
    ['an id that is none', '{scan(id:"5"){id}}', {}, 'not_found'],
    ['an unknown id', `{target(id:"${UNKNOWN_ID}"){id}}`, {}, 'not_found'],
    ['an unknown feed', '{feed(name:"osb"){name}}', {}, 'unknown_feed'],
    [
      'bad labels',
      'mutation($l:JSON){createScan(input:{target:{kind:image,reference:"rootfs:/x",labels:$l}}){id}}',
      { l: { a: [1] } },
      'invalid_request',
    ],
    [
      'an unknown reference form',
      'mutation{createScan(input:{target:{kind:image,reference:"ftp:/x"}}){id}}',
      {},
      'unknown_reference_form',
    ],
  ])('refuses %s with the code of REST', async (_what, query, variables, code) => {
    const { errors } = await ask(query, variables);
    expect(errors[0].extensions.code).toBe(code);
    expect(JSON.stringify(errors)).not.toMatch(/stacktrace|node_modules/);
  });

  describe('limits', () => {
    it('leave room for the deepest useful query and for introspection', async () => {
      const deep = '{targets{edges{node{findings{edges{node{package{source{name}}}}}}}}}';
      expect((await ask(deep)).errors).toBeUndefined();
      expect((await ask(getIntrospectionQuery({ inputValueDeprecation: true }))).data.__schema).toBeDefined();
    });

    it.each([
      ['depth', `{scan(id:"5")${'{target'.repeat(13)}{id}${'}'.repeat(13)}}`],
      ['aliases', `{${Array.from({ length: 31 }, (_, i) => `a${i}:feeds{nodes{name}}`).join(' ')}}`],
      ['tokens', `{${'feeds{nodes{name}} '.repeat(400)}}`],
      ['cost', '{targets(first:500){nodes{findings(first:500){nodes{id}}}}}'],
    ])('refuse too much %s', async (_what, query) => {
      const { status, errors } = await ask(query);
      expect(status).toBe(400);
      expect(errors.map((error: { extensions: { code: string } }) => error.extensions.code)).toContain(
        'query_too_complex',
      );
    });

    it('count the rows that variables ask for', async () => {
      const lists = Array.from({ length: 21 }, (_, i) => `a${i}:findings(first:$n){nodes{id}}`).join(' ');
      expect((await ask(`query($n:Int!){${lists}}`, { n: 500 })).code).toBe('query_too_complex');
      expect((await ask(`query($n:Int!){${lists}}`, { n: 50 })).errors).toBeUndefined();
    });

    it('allow no batches', async () => {
      const { status } = await service.request('POST', '/graphql', [{ query: '{feeds{nodes{name}}}' }]);
      expect(status).toBe(400);
    });
  });

  it('shows its explorer in development alone', async () => {
    const page = await service.request('GET', '/graphql', undefined, { accept: 'text/html' });
    expect(page.status).toBe(400);
  });

  describe('over a WebSocket', () => {
    const socket = (connectionParams: Record<string, unknown>) =>
      createClient({
        url: `${service.url.replace('http', 'ws')}/graphql`,
        connectionParams,
        retryAttempts: 0,
        lazyCloseTimeout: 0,
      });

    async function collect(query: string, token = service.token): Promise<unknown[]> {
      const client = socket({ authorization: `Bearer ${token}` });
      try {
        const results: unknown[] = [];
        for await (const result of client.iterate({ query })) results.push(result);
        return results;
      } finally {
        await client.dispose();
      }
    }

    it('tells the progress of a scan until it has ended', async () => {
      const { body } = await service.request('POST', '/v1/scans', { target: { kind: 'image', reference } });
      const results = await collect(`subscription{scanProgress(id:"${body.id}"){id status findings{nodes{id}}}}`);
      const states = results.map(
        (result) => (result as { data: { scanProgress: { status: string } } }).data.scanProgress,
      );
      expect(states.at(-1)).toMatchObject({ id: body.id, status: 'succeeded' });
    });

    it('asks for a token', async () => {
      const subscription = `subscription{scanProgress(id:"${scan.id}"){id}}`;
      await expect(collect(subscription, 'nobody')).rejects.toMatchObject({ code: 4403 });
      const client = socket({});
      await expect(client.iterate({ query: subscription }).next()).rejects.toMatchObject({ code: 4403 });
      await client.dispose();
    });

    it('has the errors and limits of HTTP', async () => {
      expect(await collect('subscription{scanProgress(id:"5"){id}}')).toMatchObject([
        { errors: [{ extensions: { code: 'not_found' } }] },
      ]);
      const wide = '{targets(first:500){nodes{findings(first:500){nodes{id}}}}}';
      await expect(collect(wide)).rejects.toMatchObject([{ extensions: { code: 'query_too_complex' } }]);
      await expect(collect('{nothing}')).rejects.toMatchObject([{ extensions: { code: 'invalid_request' } }]);
    });

    it('takes no message over 1 MiB, from whomever', async () => {
      const client = socket({ authorization: 'x'.repeat(2 * 1024 * 1024) });
      await expect(client.iterate({ query: '{feeds{nodes{name}}}' }).next()).rejects.toMatchObject({ code: 1009 });
      await client.dispose();
    });
  });
});
