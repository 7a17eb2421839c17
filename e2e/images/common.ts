// What every small image needs besides its program: users, host name look-up, certificate
// authorities and a directory for temporary files.

import { exists } from "../harness/cache.ts";
import { directory, file, type TarEntry, text } from "./tar.ts";

/** The user and group id of all our images that do not run as root. */
export const nonroot = 65532;

/** The usual PATH of an image. */
export const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const authorities = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/cert.pem",
];

/** The entries; `home` is the home directory of the user 65532. */
export async function commonEntries(home: string): Promise<readonly TarEntry[]> {
  return [
    directory("tmp", 0o1777),
    directory("etc"),
    text(
      "etc/passwd",
      `root:x:0:0:root:/root:/bin/sh\nnonroot:x:${nonroot}:${nonroot}:nonroot:${home}:/bin/sh\n`,
    ),
    text("etc/group", `root:x:0:\nnonroot:x:${nonroot}:\n`),
    text("etc/nsswitch.conf", "hosts: files dns\n"),
    directory("etc/ssl"),
    directory("etc/ssl/certs"),
    ...await authorityEntries(),
  ];
}

async function authorityEntries(): Promise<readonly TarEntry[]> {
  for (const from of authorities) {
    if (await exists(from)) return [file("etc/ssl/certs/ca-certificates.crt", from, 0o644)];
  }
  return [];
}
