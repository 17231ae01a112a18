/** Whether clients can ask there: `fetch` takes no user name and password. */
export function isHttpUrl(text: string): boolean {
  if (!/^https?:\/\/./.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === "" && password === "";
}
