/** What a rendezvous server answers, always the same: bare servers send it, and check nothing. */
export const HEADERS: Readonly<Record<string, string>> = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS",
  "Access-Control-Allow-Headers": "X-Requested-With, Content-Type, Authorization",
  "Content-Type": "application/json",
  "Cache-Control": "no-store",
};

const TOKEN = "AAAAAAAAAAAAAAAA";

/** By method. */
export const ANSWERS: Readonly<Record<string, string>> = {
  POST: `{"id":"AAAAAAAAAAAAAAAAAAAAAA","sequence_token":"${TOKEN}","expires_in_ms":300000}`,
  GET: `{"data":"${"x".repeat(600)}","sequence_token":"${TOKEN}","expires_in_ms":299999}`,
  PUT: `{"sequence_token":"${TOKEN}"}`,
  DELETE: "{}",
};

/** For runtimes whose servers take a function from requests to answers. */
export async function answer(request: Request): Promise<Response> {
  // The body has to be read for the connection to go on, by whatever answers.
  if (request.method === "POST" || request.method === "PUT") await request.arrayBuffer();
  return new Response(ANSWERS[request.method], { headers: HEADERS });
}
