// Labels and annotations, wherever they are: keys, values, and what the operator keeps to itself.

import { FULL } from "./_full.ts";
import { form, longest, map, mostKeys, refused, type Row } from "./_table.ts";

const SET_BY_OPERATOR =
  "not have app, instance, app.kubernetes.io/… or …dittofs.com/… labels; the operator sets them itself, so choose other keys";
const FOUND_BY_OPERATOR =
  "not have app.kubernetes.io/managed-by or …dittofs.com/… labels; the operator finds its own objects by them, so choose other keys";
const NOTES_OF_OPERATOR =
  "not have …dittofs.com/… or dittofs.io/… annotations; the operator keeps its own notes there, so choose other keys";

const keys = (what: string) =>
  `have keys that Kubernetes takes for ${what}, such as team or example.com/team`;

const LONGEST_KEY = `${"d".repeat(253)}/${"k".repeat(63)}`;
const MALFORMED = ["a b", "-a", "a-", "", "/a", "a/b/c", "a".repeat(64), `d${LONGEST_KEY}`];

const keysOf = (path: string, what: string): Row[] => [
  ...map(path, keys(what), {
    accepted: [{}, { a: "" }, { "example.com/a_b.c-D": "x" }, { [LONGEST_KEY]: "x" }],
    refused: [{ "ä": "x" }, ...MALFORMED.map((key) => ({ [key]: "x" }))],
  }),
  ...mostKeys(path, 64),
];

const values = (path: string): Row[] => [
  ...form(
    `${path}[team]`,
    "the value of a label: letters, digits, '-', '_' and '.', beginning and ending with a letter or digit",
    { accepted: ["", "a", "A_b.c-1"], refused: ["-", "a b", "a/b", "ä"] },
  ),
  ...longest(`${path}.team`, 63),
];

const ownLabels = ["adapterServices.labels", "service.labels", "pod.labels"];
const monitorLabels = ["metrics.serviceMonitor.labels", "metrics.podMonitor.labels"];
const annotations = ["adapterServices.annotations", "service.annotations", "pod.annotations"];

export const maps: readonly Row[] = [
  ...[...ownLabels, ...monitorLabels, "pod.nodeSelector"].flatMap((path) => [
    ...keysOf(path, "labels"),
    ...values(path),
  ]),
  ...ownLabels.flatMap((path) =>
    map(path, SET_BY_OPERATOR, {
      accepted: [{ "example.com/app": "x" }, { application: "x" }],
      refused: [
        ...[{ app: "x" }, { instance: "x" }, { "app.kubernetes.io/name": "x" }],
        ...[{ "dittofs.dittofs.com/x": "x" }],
      ] as const,
    })
  ),
  ...monitorLabels.flatMap((path) =>
    map(path, FOUND_BY_OPERATOR, {
      accepted: [{ app: "prometheus" }, { "app.kubernetes.io/part-of": "kube-prometheus" }],
      refused: [{ "app.kubernetes.io/managed-by": "x" }, { "dittofs.dittofs.com/x": "x" }],
    })
  ),
  ...annotations.flatMap((path) => [
    ...keysOf(path, "annotations"),
    ...map(path, NOTES_OF_OPERATOR, {
      accepted: [{ "example.com/dittofs": "any text, with spaces: {}" }],
      refused: [{ "dittofs.dittofs.com/applied": "x" }, { "dittofs.io/config-hash": "x" }],
    }),
    ...longest(`${path}.note`, 8192),
  ]),
  refused(
    "pod.labels.team",
    1,
    FULL,
    `Invalid value: "integer": spec.pod.labels.team in body must be of type string: "integer"`,
  ),
];
