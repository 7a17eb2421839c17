// What is to be done about a protocol of the server: a pure function of the spec and of what the
// server has.
//
// What the spec does not say stays as the server has it. Most settings take effect by themselves;
// certificate, portmapper and UDP only when the protocol is started again, which costs its clients
// their connections. So that a crash on the way is seen, the stop writes a mark into the
// configuration of the adapter, in the same request, and the start takes it out (the server reads
// past keys that it does not know). Without the mark nobody could tell a protocol that we stopped
// from one that somebody has switched off.

import type { DittoServerSpec } from "../../../api/dittoserver.ts";
import type { Adapter, AdapterFields, AdapterType } from "../../../dittofs/adapters.ts";
import type { NfsSettings, SettingsPatch, SmbSettings } from "../../../dittofs/adapter_settings.ts";
import type { JsonObject } from "../../../dittofs/wire.ts";
import { same } from "../../../kube/covers.ts";
import { secondsOf } from "../../duration.ts";
import { LISTENS } from "../adapter_ports.ts";
import { OPERATOR } from "../names.ts";
import { secretPath } from "../secret_files.ts";

/** In the configuration of an adapter that is being started again: by whom. */
export const RESTARTED_BY = "restarted_by";

/** Where the server listens when a row says port 0, which is legal (W42). */
const DEFAULT_PORT = { nfs: 12049, smb: 12445 } as const;

/** Settings that the server looks at only when it starts the protocol. */
const AT_START = new Set<string>(["portmapperEnabled", "portmapperPort", "udpEnabled"]);

/** An adapter's row, as far as it counts here. */
export interface AdapterRow extends Pick<Adapter, "enabled" | "port"> {
  readonly config: JsonObject;
}

export type Settings = NfsSettings | SmbSettings;
export type Patch = SettingsPatch<NfsSettings> | SettingsPatch<SmbSettings>;

/** One request to the server. */
export type AdapterStep =
  | { readonly act: "create" | "update"; readonly fields: AdapterFields }
  | { readonly act: "settings"; readonly patch: Patch };

/** What is to be done, and what it is about. */
export interface AdapterPlan {
  readonly steps: readonly AdapterStep[];
  /** It cannot be as wanted before the pod has restarted. */
  readonly waitsForPod?: true;
  /** What the server has and what the spec has instead, in words. */
  readonly differences: readonly string[];
}

/** What a plan is made from. */
export interface AdapterFacts {
  readonly spec: DittoServerSpec;
  /** The adapter's row; undefined if somebody has deleted it. */
  readonly live: AdapterRow | undefined;
  readonly settings: Settings | undefined;
  /** Whether the running pod has the certificate of NFS. */
  readonly certificateMounted: boolean;
}

/** What is to be done about a protocol. */
export function planAdapter(protocol: AdapterType, facts: AdapterFacts): AdapterPlan {
  const { spec, live, settings } = facts;
  const wanted = spec.adapters[protocol];
  const patch = settings ? changed(wantedSettings(protocol, spec), settings) : {};
  if (!live) return planMissing(protocol, facts);

  const { [RESTARTED_BY]: mark, ...config } = live.config;
  const wantedConfig = configOf(protocol, facts, config);
  const enabled = wanted.enabled ?? (live.enabled || mark === OPERATOR);
  const port = wanted.port ?? live.port;
  const moves = portOf(protocol, port) !== portOf(protocol, live.port);
  const configDiffers = !same(wantedConfig, config);
  const again = Object.keys(patch).some((name) => AT_START.has(name)) || configDiffers;
  const restarts = live.enabled && enabled && again;

  const patches: AdapterStep[] = Object.keys(patch).length > 0 ? [{ act: "settings", patch }] : [];
  const last: AdapterFields = {
    ...((restarts || live.enabled !== enabled) && { enabled }),
    ...(moves && { port }),
    ...((restarts || configDiffers || mark !== undefined) && { config: wantedConfig }),
  };
  const waits = protocol === "nfs" && spec.adapters.nfs.tls && !facts.certificateMounted;
  const stop = { enabled: false, config: { ...wantedConfig, [RESTARTED_BY]: OPERATOR } };
  return {
    ...(waits && { waitsForPod: true }),
    steps: [
      ...(restarts ? [{ act: "update", fields: stop } as const] : []),
      ...patches,
      ...(Object.keys(last).length > 0 ? [{ act: "update", fields: last } as const] : []),
    ],
    differences: [
      ...(live.enabled !== enabled ? [`${protocol} is ${live.enabled ? "on" : "off"}`] : []),
      ...(moves ? [`${protocol} has port ${live.port} instead of ${port}`] : []),
      ...(configDiffers ? [`${protocol} has another certificate`] : []),
      ...Object.keys(patch).map((name) => `${protocol} has another ${name}`),
    ],
  };
}

/** Whether the spec says anything of a protocol's settings. */
export function wishes(protocol: AdapterType, spec: DittoServerSpec): boolean {
  return Object.values(wantedSettings(protocol, spec)).some((value) => value !== undefined);
}

/** The port on which the server listens for a row with this port. */
export function portOf(protocol: AdapterType, port: number): number {
  return port === 0 ? DEFAULT_PORT[protocol] : port;
}

/** The next start of the server would make it again anyway, but on a port of its own choice. */
function planMissing(protocol: AdapterType, facts: AdapterFacts): AdapterPlan {
  const { enabled, port = LISTENS[protocol] } = facts.spec.adapters[protocol];
  if (!enabled) return { steps: [], differences: [] };
  const config = configOf(protocol, facts, {});
  return {
    steps: [{ act: "create", fields: { enabled, port, config } }],
    differences: [`${protocol} was deleted`],
  };
}

const OUR_CERTIFICATE = secretPath("nfs-tls", "tls.crt");

/**
 * The configuration with the certificate as the spec has it. It is left alone while the pod has
 * no such file: the protocol would not start. A certificate of somebody's own stays.
 */
function configOf(
  protocol: AdapterType,
  { spec, certificateMounted }: AdapterFacts,
  { tls, ...config }: JsonObject,
): JsonObject {
  const wanted = protocol === "nfs" ? spec.adapters.nfs.tls : undefined;
  if (wanted) {
    if (!certificateMounted) return { ...config, ...(tls !== undefined && { tls }) };
    const files = {
      cert_file: OUR_CERTIFICATE,
      key_file: secretPath("nfs-tls", "tls.key"),
      mode: wanted.mode,
      ...(wanted.clientCASecretName && { client_ca: secretPath("nfs-tls-client-ca", "ca.crt") }),
    };
    return { ...config, tls: files };
  }
  const ours = typeof tls === "object" && tls !== null && "cert_file" in tls &&
    tls.cert_file === OUR_CERTIFICATE;
  return { ...config, ...(tls !== undefined && !ours && { tls }) };
}

/** Settings as the spec has them: what it says nothing of is undefined. */
type Wished<S> = { readonly [Field in keyof S]?: S[Field] | undefined };
type Wish = Wished<NfsSettings> | Wished<SmbSettings>;

function wantedSettings(protocol: AdapterType, { adapters }: DittoServerSpec): Wish {
  return protocol === "nfs" ? nfsSettings(adapters.nfs) : smbSettings(adapters.smb);
}

function nfsSettings(nfs: DittoServerSpec["adapters"]["nfs"]): Wished<NfsSettings> {
  const { portmapper, leaseTime, gracePeriod, blockedOperations } = nfs;
  return {
    udpEnabled: nfs.udp,
    portmapperEnabled: portmapper?.enabled,
    portmapperPort: portmapper?.enabled ? portmapper.port : undefined,
    maxConnections: nfs.maxConnections,
    v4MaxConnectionsPerSession: nfs.maxConnectionsPerSession,
    leaseTime: leaseTime === undefined ? undefined : secondsOf(leaseTime),
    gracePeriod: gracePeriod === undefined ? undefined : secondsOf(gracePeriod),
    delegationsEnabled: nfs.delegations,
    maxDelegations: nfs.maxDelegations,
    blockedOperations,
  };
}

function smbSettings(smb: DittoServerSpec["adapters"]["smb"]): Wished<SmbSettings> {
  return {
    signing: smb.signing,
    enableEncryption: smb.encryption,
    minDialect: smb.minDialect,
    maxDialect: smb.maxDialect,
    maxConnections: smb.maxConnections,
    directoryLeasingEnabled: smb.directoryLeasing,
  };
}

/** The fields of the wish that the settings have otherwise. */
function changed(wish: Wish, settings: Settings): Patch {
  const live: Readonly<Record<string, unknown>> = settings;
  const differing = Object.entries(wish).filter(([name, value]) =>
    value !== undefined && !same(sorted(live[name]), sorted(value))
  );
  return Object.fromEntries(differing);
}

/** Lists of settings are sets. */
function sorted(value: unknown): unknown {
  return Array.isArray(value) ? value.toSorted() : value;
}
