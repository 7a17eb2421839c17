// The server's configuration file: everything of the spec that is not secret and not kept in the
// server's database.
//
// What the server takes by itself anyway is left out, so that the file of an old spec stays the
// same when fields are added: a change of the file restarts the server. Durations are texts with
// their unit, because the server reads a bare number as nanoseconds. Secrets reach the server
// through its environment (secret_env.ts) and as files (secret_files.ts).

import { stringify } from "yaml";
import type { DittoServerSpec } from "../../api/dittoserver.ts";
import { compact, type ConfigBlock, unless } from "./config/block.ts";
import { controlPlaneConfig, metricsConfig } from "./config/control_plane.ts";
import { databaseConfig } from "./config/database.ts";
import { kerberosConfig, ldapConfig } from "./config/directories.ts";
import { blockStoreConfig, gcConfig, metadataConfig, snapshotConfig } from "./config/engine.ts";

/** Texts that were written lately: most servers share one, and writing YAML is slow. */
const written = new Map<string, string>();
const WRITTEN_AT_MOST = 64;

interface Texts {
  readonly whole: string;
  readonly consumed: string;
}

/** A spec is one and the same for as long as nobody edits it, and each look asks for both. */
const textsOf = new WeakMap<DittoServerSpec, Texts>();

/** The text of `config.yaml`. The same spec gives the same text. */
export function serverConfig(spec: DittoServerSpec): string {
  return texts(spec).whole;
}

/**
 * The text without what only the very first start reads. The database has it afterwards, and a
 * change reaches it over the REST API without a restart.
 */
export function consumedConfig(spec: DittoServerSpec): string {
  return texts(spec).consumed;
}

function texts(spec: DittoServerSpec): Texts {
  const known = textsOf.get(spec);
  if (known) return known;
  const { ldap: seeds, ...identity } = spec.identity;
  const whole = textOf(spec);
  const texts = { whole, consumed: seeds ? textOf({ ...spec, identity }) : whole };
  textsOf.set(spec, texts);
  return texts;
}

function textOf(spec: DittoServerSpec): string {
  const content = compact(configOf(spec));
  const key = JSON.stringify(content);
  let text = written.get(key);
  if (text === undefined) {
    if (written.size >= WRITTEN_AT_MOST) written.clear();
    // The server's YAML reader knows the old forms too: 1_000 would be a number to it.
    text = stringify(content, { version: "1.1" });
    written.set(key, text);
  }
  return text;
}

function configOf(spec: DittoServerSpec): ConfigBlock {
  return {
    logging: loggingConfig(spec),
    shutdown_timeout: spec.shutdownTimeout,
    database: databaseConfig(spec),
    controlplane: controlPlaneConfig(spec),
    admin: adminConfig(spec),
    identity: { machine_sid: spec.identity.machineSid },
    ldap: ldapConfig(spec),
    kerberos: kerberosConfig(spec),
    metrics: metricsConfig(spec),
    metadata: metadataConfig(spec),
    blockstore: blockStoreConfig(spec),
    gc: gcConfig(spec),
    snapshot: snapshotConfig(spec),
  };
}

function loggingConfig({ logging: { level, format, output, rotation } }: DittoServerSpec) {
  return {
    level,
    format,
    output,
    rotation: {
      max_size: rotation?.maxSize,
      max_backups: rotation?.maxBackups,
      max_age: rotation?.maxAge,
      compress: unless(false, rotation?.compress),
    },
  };
}

/** The server calls its first administrator admin, whatever is written here. */
function adminConfig({ identity: { admin } }: DittoServerSpec): ConfigBlock {
  return admin.email === undefined ? {} : { username: "admin", email: admin.email };
}
