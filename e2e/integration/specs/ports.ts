// Ports of one pod, each of which can serve one protocol.

import { MINIMAL } from "./_full.ts";
import type { JsonObject } from "./_json.ts";
import { between, type Row } from "./_table.ts";

const taken = (field: string) =>
  `${field} is also the port of NFS (12049 unless adapters.nfs.port says otherwise), of SMB (1445 unless adapters.smb.port does) or of the portmapper, and a port can serve one protocol; change one of them`;

const spec = (fields: JsonObject): JsonObject => ({ ...MINIMAL, ...fields });

const portmapper = (nfs: JsonObject, smb: JsonObject = {}): JsonObject =>
  spec({ adapters: { nfs, smb } });

export const ports: readonly Row[] = [
  ...between({
    field: "spec.controlPlane",
    message: taken("controlPlane.port"),
    accepted: [
      spec({ controlPlane: { port: 12_048 } }),
      spec({ controlPlane: { port: 12_049 }, adapters: { nfs: { port: 12_050 } } }),
      spec({ controlPlane: { port: 1445 }, adapters: { smb: { port: 1446 } } }),
      spec({ controlPlane: { port: 10_111 } }),
    ],
    refused: [
      spec({ controlPlane: { port: 12_049 } }),
      spec({ controlPlane: { port: 1445 } }),
      spec({ controlPlane: { port: 5000 }, adapters: { nfs: { port: 5000 } } }),
      spec({
        controlPlane: { port: 10_111 },
        adapters: { nfs: { portmapper: { enabled: true } } },
      }),
    ],
  }),
  ...between({
    field: "spec.metrics",
    message: taken("metrics.port"),
    accepted: [
      spec({ metrics: { enabled: false, port: 12_049 } }),
      spec({ metrics: { enabled: true, port: 12_050 } }),
    ],
    refused: [
      spec({ metrics: { enabled: true, port: 12_049 } }),
      spec({ metrics: { enabled: true, port: 5000 }, adapters: { smb: { port: 5000 } } }),
    ],
  }),
  ...between({
    field: "spec.metrics",
    message:
      "metrics.port and controlPlane.port are the same, and a port can serve one of them; change one",
    accepted: [
      spec({ metrics: { enabled: false, port: 8080 } }),
      spec({ metrics: { enabled: true, port: 8080 }, controlPlane: { port: 8081 } }),
    ],
    refused: [
      spec({ metrics: { enabled: true, port: 8080 } }),
      spec({ metrics: { enabled: true }, controlPlane: { port: 9090 } }),
    ],
  }),
  ...between({
    field: "spec.adapters.smb",
    message:
      "nfs.port and smb.port are the same, and a port can serve one protocol; change one of them",
    accepted: [portmapper({ port: 1445 }, { port: 12_049 })],
    refused: [
      portmapper({ port: 5000 }, { port: 5000 }),
      portmapper({ port: 1445 }),
      portmapper({}, { port: 12_049 }),
    ],
  }),
  ...between({
    field: "spec.adapters.nfs",
    message: "nfs.portmapper.port is the port of NFS or SMB as well; change one of them",
    accepted: [
      portmapper({ portmapper: { enabled: true, port: 12_050 } }),
      portmapper({ portmapper: { enabled: false, port: 12_049 } }),
    ],
    refused: [
      portmapper({ portmapper: { enabled: true, port: 12_049 } }),
      portmapper({ portmapper: { enabled: true, port: 1445 } }),
      portmapper({ port: 10_111, portmapper: { enabled: true } }),
    ],
  }),
  ...between({
    field: "spec.adapters.nfs",
    message:
      "nfs.servicePort is 111, which is the portmapper's; change it, or switch the portmapper off",
    accepted: [
      portmapper({ servicePort: 111 }),
      portmapper({ servicePort: 112, portmapper: { enabled: true } }),
    ],
    refused: [portmapper({ servicePort: 111, portmapper: { enabled: true } })],
  }),
];
