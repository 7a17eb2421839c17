// A program of its own that asks a server for its users, to be run with as few permissions as the
// operator has. Its only argument is JSON: where, as whom, and the certificates.

import { z } from "zod";
import { DittofsClient } from "../../dittofs/client.ts";
import { FetchHttp } from "../../dittofs/fetch_http.ts";
import { systemClock } from "../../kube/clock.ts";

const task = z.object({
  baseUrl: z.string(),
  password: z.string(),
  tls: z.object({ ca: z.string(), cert: z.string(), key: z.string() }),
});

const { baseUrl, password, tls } = task.parse(JSON.parse(Deno.args[0] ?? ""));
const http = new FetchHttp(tls);
const open = new DittofsClient({ baseUrl, clock: systemClock, http });
const { accessToken } = await open.auth.login("admin", password);
const token = async () => await Promise.resolve(accessToken);
const client = new DittofsClient({ baseUrl, clock: systemClock, http, token });
const names = (await client.users.list()).map(({ username }) => username);
await Deno.stdout.write(new TextEncoder().encode(`${names.join(" ")}\n`));
http.close();
