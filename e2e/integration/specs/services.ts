// spec.service and spec.adapterServices, which have the same fields and rules; the network policy.

import { FULL, MINIMAL } from "./_full.ts";
import type { JsonObject } from "./_json.ts";
import {
  accepted,
  between,
  form,
  longest,
  most,
  notEmpty,
  oneOf,
  refused,
  type Row,
} from "./_table.ts";

const RANGE = "an address range in CIDR form, such as 10.0.0.0/8 or 2001:db8::/32";

const serviceRows = (block: string): Row[] => {
  const service = (fields: JsonObject): JsonObject => ({ ...MINIMAL, [block]: fields });
  const onlyFor = (field: string, types: string, value: JsonObject[string], sides: {
    readonly accepted: readonly string[];
    readonly refused: readonly string[];
  }): Row[] =>
    between({
      field: `spec.${block}.${field}`,
      message: `${field} is for type ${types}; change the type, or remove it`,
      accepted: [
        service({}),
        ...sides.accepted.map((type) => service({ type, [field]: value })),
      ],
      refused: [
        service({ [field]: value }),
        ...sides.refused.map((type) => service({ type, [field]: value })),
      ],
    });
  return [
    ...oneOf(`${block}.type`, ["ClusterIP", "NodePort", "LoadBalancer"], MINIMAL),
    ...notEmpty(`${block}.loadBalancerClass`),
    ...longest(`${block}.loadBalancerClass`, 253),
    ...form(`${block}.loadBalancerSourceRanges[0]`, RANGE, {
      accepted: ["0.0.0.0/0", "192.0.2.7/32", "::/0", "fd00::/8"],
      refused: ["10.0.0.1", "10.0.0.0/33", "10.0.0/8", "example.com", ""],
    }),
    ...most(`${block}.loadBalancerSourceRanges`, 64, (index) => `10.${index}.0.0/16`),
    refused(
      `${block}.loadBalancerSourceRanges[0]`,
      "1".repeat(44),
      FULL,
      "Too long: may not be more than 43 bytes",
    ),
    {
      says: `spec.${block}.loadBalancerSourceRanges: one twice`,
      spec: service({ type: "LoadBalancer", loadBalancerSourceRanges: ["::/0", "::/0"] }),
      cause: {
        field: `spec.${block}.loadBalancerSourceRanges[1]`,
        message: `Duplicate value: "::/0"`,
      },
    },
    ...oneOf(`${block}.externalTrafficPolicy`, ["Cluster", "Local"]),
    ...oneOf(`${block}.internalTrafficPolicy`, ["Cluster", "Local"]),
    ...onlyFor("loadBalancerClass", "LoadBalancer", "example.com/nlb", {
      accepted: ["LoadBalancer"],
      refused: ["ClusterIP", "NodePort"],
    }),
    ...onlyFor("loadBalancerSourceRanges", "LoadBalancer", ["10.0.0.0/8"], {
      accepted: ["LoadBalancer"],
      refused: ["ClusterIP", "NodePort"],
    }),
    ...onlyFor("externalTrafficPolicy", "NodePort or LoadBalancer", "Local", {
      accepted: ["LoadBalancer", "NodePort"],
      refused: ["ClusterIP"],
    }),
  ];
};

export const services: readonly Row[] = [
  ...serviceRows("service"),
  ...serviceRows("adapterServices"),
  // Nothing reads it any more, so nothing is wrong with what the Go operator took.
  ...["", "30s", "500ms", "30", "often"].map((value) =>
    accepted("adapterDiscovery.pollingInterval", value)
  ),
  ...longest("adapterDiscovery.pollingInterval", 64),
  ...["from", "apiFrom", "metricsFrom"].flatMap((peers) =>
    most(`networkPolicy.${peers}`, 64, (index) => ({ ipBlock: { cidr: `10.${index}.0.0/16` } }))
  ),
  refused("networkPolicy.from[0].ipBlock.cidr", undefined, FULL, "Required value"),
];
