/** A client's view of sessions, over HTTP, with no more than the tests need. */

const PATH = "/_matrix/client/unstable/io.element.msc4388/rendezvous";

export interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sends one request to the server at `url`; rejects where no answer comes. */
export async function ask(
  url: string,
  method: string,
  path: string,
  body?: object,
  signal: AbortSignal | null = null,
): Promise<Reply> {
  const init = { method, signal, body: body === undefined ? null : JSON.stringify(body) };
  const answer = await fetch(url + PATH + path, init);
  return { status: answer.status, body: (await answer.json()) as Reply["body"] };
}

export interface Slot {
  readonly id: string;
  readonly token: string;
}

export async function create(url: string, data: string): Promise<Slot> {
  const { status, body } = await ask(url, "POST", "", { data });
  if (status !== 200) throw new Error(`a creation was answered ${status} ${JSON.stringify(body)}`);
  return { id: String(body["id"]), token: String(body["sequence_token"]) };
}

export function write(url: string, { id, token }: Slot, data: string, transactionId?: string): Promise<Reply> {
  const path = transactionId === undefined ? `/${id}` : `/${id}/${transactionId}`;
  return ask(url, "PUT", path, { sequence_token: token, data });
}

/** How long a client goes on asking a server whose store does not answer, in milliseconds. */
const PATIENCE_MS = 20_000;

/** Sends a request again as long as it is answered 503, as clients do: it may or may not have been carried out. */
export async function persistently(send: () => Promise<Reply>): Promise<Reply> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  for (;;) {
    const reply = await send();
    if (reply.status !== 503 || patience.aborted) return reply;
  }
}
