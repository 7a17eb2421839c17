// Manifests made for the Go operator apply as they are, and mean what they say.

import assert from "node:assert/strict";
import { parse } from "yaml";
import { defaulted } from "../../api/dittoserver.ts";
import { operatorGround } from "./_operator.ts";
import type { TestPlane } from "./_plane.ts";
import { SERVERS, type Stored } from "./_verdict.ts";
import { assertHolds, isList, isObject, type Json, type JsonObject } from "./specs/_json.ts";

const FOLDER = new URL("manifests_of_the_go_operator/", import.meta.url);

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await operatorGround({ controllerManager: false });
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

/** A manifest, as far as it is of interest here. */
interface Manifest {
  readonly metadata: { readonly name: string };
  readonly spec: JsonObject;
}

const files = Array.from(Deno.readDirSync(FOLDER), ({ name }) => name).sort();

const manifestOf = (file: string) =>
  parse(Deno.readTextFileSync(new URL(file, FOLDER))) as Manifest;

for (const file of files) {
  Deno.test(`CRD DittoServer takes ${file} of the Go operator as it is`, async () => {
    const { metadata: { name }, spec } = manifestOf(file);
    const path = new URL(file, FOLDER).pathname;
    const apply = ["apply", "--namespace=default", "--validate=strict", "-f", path];
    assert.match(await ground.kubectl(apply), / created\n$/);
    const stored = await ground.plane.client().json(`${SERVERS}/${name}`) as Stored;
    assert.deepEqual(stored.spec, defaulted(spec).data);
    assertHolds(stored.spec, spec, "spec");
    assert.match(await ground.kubectl(apply), / unchanged\n$/);
  });
}

/** Every field of the Go operator's CRD, but for those that Kubernetes defines. */
const FIELDS = `
  image replicas
  storage.metadataSize storage.contentSize storage.controlPlaneSize storage.storageClassName
  database.type database.sqlite.path database.postgresSecretRef
  controlPlane.port controlPlane.tls controlPlane.certSecretName controlPlane.clientCASecretName
  identity.type identity.jwt.secretRef identity.jwt.accessTokenDuration
  identity.jwt.refreshTokenDuration identity.admin.username identity.admin.passwordSecretRef
  identity.ldap.enabled identity.ldap.url identity.ldap.startTLS identity.ldap.allowPlaintext
  identity.ldap.baseDN identity.ldap.bindDN identity.ldap.bindPasswordSecretRef
  identity.ldap.userAttr identity.ldap.realm identity.ldap.idmap identity.ldap.nestedGroups
  identity.ldap.caCertFile identity.ldap.insecureSkipVerify
  identity.kerberos.enabled identity.kerberos.servicePrincipal identity.kerberos.realm
  identity.kerberos.netbiosDomain identity.kerberos.dnsDomain identity.kerberos.keytabSecretRef
  identity.kerberos.krb5ConfSecretRef identity.kerberos.krb5Conf
  identity.kerberos.machineAccount.enabled identity.kerberos.machineAccount.accountName
  identity.kerberos.machineAccount.secretRef identity.kerberos.machineAccount.keytabSecretRef
  identity.kerberos.machineAccount.dcAddress
  adapterDiscovery.pollingInterval adapterServices.type adapterServices.annotations
  service.type service.annotations
  metrics.enabled metrics.port metrics.path metrics.bearerTokenSecret
  metrics.serviceMonitor.enabled metrics.serviceMonitor.interval metrics.serviceMonitor.labels
  logging.level logging.format logging.output
  percona.enabled percona.deleteWithServer percona.replicas percona.storageSize
  percona.storageClassName percona.databaseName percona.backup.enabled
  percona.backup.credentialsSecretRef percona.backup.bucket percona.backup.endpoint
  percona.backup.region percona.backup.fullSchedule percona.backup.incrSchedule
  percona.backup.retentionDays
  snapshotPolicies[0].share snapshotPolicies[0].interval snapshotPolicies[0].keepLast
  snapshotPolicies[0].ttl snapshotPolicies[0].enabled snapshotPolicies[0].namePrefix
  resources terminationGracePeriodSeconds securityContext podSecurityContext
`.trim().split(/\s+/);

Deno.test("CRD DittoServer is shown every field of the Go operator's in some manifest", () => {
  const specs = files.map((file) => manifestOf(file).spec);
  const missing = FIELDS.filter((path) => !specs.some((spec) => has(spec, path)));
  assert.deepEqual(missing, []);
});

function has(spec: JsonObject, path: string): boolean {
  let at: Json | undefined = spec;
  for (const step of path.match(/[^.[\]]+/g) ?? []) {
    at = isList(at) ? at[Number(step)] : isObject(at) ? at[step] : undefined;
  }
  return at !== undefined;
}
