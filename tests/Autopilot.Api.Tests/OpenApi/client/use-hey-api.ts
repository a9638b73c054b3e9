// What a portal writes with a client of hey-api.
import { createClient } from './obj/hey-api/client/index.js';
import { getWorkflow, listWorkflows } from './obj/hey-api/index.js';

export async function useHeyApi(server: string, key: string | undefined, workflowId: string): Promise<string> {
  const client = createClient({ baseUrl: server.replace(/\/$/, ''), auth: key });
  const one = await getWorkflow({ client, path: { workflowId } });
  const list = await listWorkflows({ client, query: { assessment: ['Blocked', 'Waiting'], active: true } });
  const missing = await getWorkflow({ client, path: { workflowId: 'unheard-of' } });
  // What is not there is neither a date nor 0.
  const end: string | null | undefined = one.data?.endedAt;
  return `${one.data?.id} ${one.data?.assessment} ${end ?? 'goes on'}, ${list.data?.value.length} listed, ${missing.response?.status} ${missing.error?.code}`;
}
