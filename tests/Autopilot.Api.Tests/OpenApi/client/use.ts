// What a bot author writes with a client that is generated from the document. Lines that must not compile say so.
import createClient from 'openapi-fetch';
import type { components, paths } from './obj/api.js';

type Summary = components['schemas']['WorkflowSummary'];

const shown = (summary: Summary): string => `${summary.id} ${summary.assessment} ${summary.blockingTask?.reason ?? 'nothing'} ${summary.tasks.length}`;

export async function use(baseUrl: string, key: string | undefined, workflowId: string, clusterId: string) {
  const client = createClient<paths>({ baseUrl, headers: key === undefined ? {} : { 'x-functions-key': key } });

  const tracked = await client.PUT('/api/workflows/{workflowId}', { params: { path: { workflowId } }, body: { clusterId, clusterName: 'blue' } });
  if (tracked.error) return { tracked: `${tracked.response.status} ${tracked.error.code}: ${tracked.error.detail}` };

  const polled = await client.POST('/api/workflows/{workflowId}/poll', { params: { path: { workflowId } } });
  const list = await client.GET('/api/workflows', { params: { query: { assessment: ['Blocked', 'Waiting'], active: true, maxpagesize: 10 } } });
  const one = await client.GET('/api/workflows/{workflowId}', { params: { path: { workflowId } } });
  const again = await client.GET('/api/workflows/{workflowId}', { params: { path: { workflowId }, header: { 'If-None-Match': one.response.headers.get('ETag') ?? '' } } });
  const history = await client.GET('/api/workflows/{workflowId}/history', { params: { path: { workflowId }, query: { from: '2026-11-23' } } });
  const report = await client.GET('/api/reports/upgrades', { params: { query: { groupBy: 'none', previous: false } } });
  const sheet = await client.GET('/api/reports/runs', { headers: { Accept: 'text/csv' }, parseAs: 'text' });

  const missing = await client.GET('/api/workflows/{workflowId}', { params: { path: { workflowId: 'unheard-of' } } });
  const known = missing.error?.code === 'WorkflowNotFound' ? 'not known' : missing.error?.code;
  const other = missing.error?.code === 'NoWebhooks';

  // @ts-expect-error: there is no such assessment
  const refused = await client.GET('/api/workflows', { params: { query: { assessment: ['Fine'] } } });
  // @ts-expect-error: a body must name the cluster
  const incomplete = await client.PUT('/api/workflows/{workflowId}', { params: { path: { workflowId } }, body: {} });
  // @ts-expect-error: a summary has no such member
  const misspelt = one.data?.headLine;

  const changed: string[] = history.data?.value.map(item => `${item.sequence} ${item.changes.length > 0}`) ?? [];
  return {
    tracked: `${tracked.response.status} ${tracked.data.tracked}`,
    polled: polled.data && shown(polled.data),
    list: list.data?.value.map(shown),
    one: one.data && shown(one.data),
    again: again.response.status,
    history: changed,
    report: report.data?.groups.map(group => `${group.key} ${group.runs}`),
    sheet: sheet.data?.split(',')[0],
    missing: `${missing.response.status} ${known} ${other}`,
    refused: `${refused.response.status} ${refused.error?.code}`,
    incomplete: `${incomplete.response.status} ${incomplete.error?.code}`,
    misspelt: `${misspelt}`,
  };
}
