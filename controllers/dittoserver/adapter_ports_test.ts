import assert from "node:assert/strict";
import type { DittoServerInput } from "../../api/dittoserver.ts";
import { testServer } from "./_fixture.ts";
import { adapterPorts, servedProtocols } from "./adapter_ports.ts";

type Adapters = DittoServerInput["adapters"];

const ports = (adapters: Adapters, protocol: "nfs" | "smb") =>
  adapterPorts(testServer({ adapters }).spec, protocol).map(
    ({ name, port, targetPort, protocol }) => `${name} ${port}→${targetPort} ${protocol}`,
  );

const nfs: [string, NonNullable<Adapters>["nfs"], string[]][] = [
  ["is one TCP port on which clients expect NFS", {}, ["adapter-nfs 2049→12049 TCP"]],
  ["follows the ports of the spec", { port: 20049, servicePort: 3049 }, [
    "adapter-nfs 3049→20049 TCP",
  ]],
  ["adds UDP only when asked", { udp: true }, [
    "adapter-nfs 2049→12049 TCP",
    "adapter-nfs-udp 2049→12049 UDP",
  ]],
  ["has no port 111 while the portmapper is off", { portmapper: { port: 20111 } }, [
    "adapter-nfs 2049→12049 TCP",
  ]],
  ["adds the port that the portmapper sends clients to", { portmapper: { enabled: true } }, [
    "adapter-nfs 2049→12049 TCP",
    "portmap 111→10111 TCP",
    "adapter-nfs-mapped 12049→12049 TCP",
  ]],
  ["needs no such port where the Service has it already", {
    servicePort: 12049,
    portmapper: { enabled: true, port: 20111 },
  }, ["adapter-nfs 12049→12049 TCP", "portmap 111→20111 TCP"]],
  ["has every port over UDP as well when asked", { udp: true, portmapper: { enabled: true } }, [
    "adapter-nfs 2049→12049 TCP",
    "adapter-nfs-udp 2049→12049 UDP",
    "portmap 111→10111 TCP",
    "portmap-udp 111→10111 UDP",
    "adapter-nfs-mapped 12049→12049 TCP",
    "adapter-nfs-mapped-udp 12049→12049 UDP",
  ]],
];
for (const [what, wish, wanted] of nfs) {
  Deno.test(`adapterPorts() of NFS ${what}`, () => {
    assert.deepEqual(ports({ nfs: wish }, "nfs"), wanted);
  });
}

Deno.test("adapterPorts() of SMB are one TCP port, the only one that Windows can use", () => {
  assert.deepEqual(ports({}, "smb"), ["adapter-smb 445→1445 TCP"]);
  assert.deepEqual(ports({ smb: { port: 21445, servicePort: 4445 } }, "smb"), [
    "adapter-smb 4445→21445 TCP",
  ]);
});

Deno.test("adapterPorts() have the server's own port once when it is asked for, of both protocols", () => {
  const mapped = (adapters: Adapters, protocol: "nfs" | "smb") =>
    adapterPorts(testServer({ adapters }).spec, protocol, true).map(({ port }) => port);
  assert.deepEqual(mapped({}, "nfs"), [2049, 12049]);
  assert.deepEqual(mapped({}, "smb"), [445, 1445]);
  assert.deepEqual(mapped({ smb: { port: 21445 } }, "smb"), [445, 21445]);
  assert.deepEqual(mapped({ nfs: { servicePort: 12049 } }, "nfs"), [12049]);
});

const served: [Adapters, string][] = [
  [{}, "nfs smb"],
  [{ nfs: { enabled: true }, smb: { enabled: false } }, "nfs"],
  [{ nfs: { enabled: false } }, "smb"],
  [{ nfs: { enabled: false }, smb: { enabled: false } }, ""],
];
for (const [adapters, wanted] of served) {
  Deno.test(`servedProtocols() of ${JSON.stringify(adapters)} are "${wanted}"`, () => {
    assert.equal(servedProtocols(testServer({ adapters }).spec).join(" "), wanted);
  });
}
