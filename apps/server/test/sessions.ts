/** A client's view of sessions, over HTTP, with no more than the tests need. */

const PATH = "/_matrix/client/unstable/io.element.msc4388/rendezvous";

export interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sends one request to the server at `url`; rejects where no answer comes. */
export async function ask(url: string, method: string, path: string, body?: object): Promise<Reply> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
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
