import assert from "node:assert/strict";
import * as z from "zod";
import { duration, text } from "./fields.ts";
import { type JsonSchema, jsonSchemaOf } from "./json_schema.ts";
import { deprecated, kubernetesSchema, rules } from "./schema.ts";
import { structural } from "./structural.ts";

const of = (schema: z.ZodType, kubernetes: Record<string, JsonSchema> = {}) =>
  structural(jsonSchemaOf(schema), kubernetes);

/** The rule of a text in a schema. */
function ruleOf(schema: JsonSchema): unknown {
  const { "x-kubernetes-validations": validations } = schema;
  return Array.isArray(validations) ? validations[0] : undefined;
}

Deno.test("structural() makes a pattern a rule whose message says in words what is wanted", () => {
  const schema = of(text(/^[a-z]+\/x$/, 20, "small letters", "abc/x"));
  assert.equal(schema.pattern, undefined);
  assert.equal(schema.maxLength, 20);
  assert.deepEqual(ruleOf(schema), {
    rule: 'self.matches("^[a-z]+/x$")',
    message: "must be small letters, such as abc/x",
  });
});

Deno.test("structural() checks what is beyond a pattern only where the pattern matches", () => {
  const { rule } = ruleOf(of(duration("1m", "1h", "5m"))) as { rule: string };
  assert.match(
    rule,
    /^self\.matches\(".*"\) && \(duration\(self\) >= duration\('1m'\) && .*\)$/,
  );
});

Deno.test("structural() leaves a pattern alone that nobody has put into words", () => {
  const schema = of(z.string().regex(/^a$/));
  assert.equal(schema.pattern, "^a$");
  assert.equal(ruleOf(schema), undefined);
});

Deno.test("structural() keeps the rules that a text has beside its form", () => {
  const more = { rule: "self != 'root'", message: "must not be root" };
  const schema = of(z.string().regex(/^[a-z]+$/).meta({ "x-form": "letters", ...rules(more) }));
  assert.deepEqual(schema["x-kubernetes-validations"], [
    { rule: 'self.matches("^[a-z]+$")', message: "must be letters" },
    more,
  ]);
});

Deno.test("structural() gives an absent block the defaults that it has inside", () => {
  const inner = z.object({ on: z.boolean().default(true), port: z.int().default(80) });
  const schema = of(z.object({ a: inner.prefault({}), b: inner.prefault({ port: 81 }) }));
  assert.deepEqual(partOf(schema, "a").default, { on: true, port: 80 });
  assert.deepEqual(partOf(schema, "b").default, { on: true, port: 81 });
});

Deno.test("structural() gives an optional block no default", () => {
  const schema = of(z.object({ a: z.object({ on: z.boolean().default(true) }).optional() }));
  assert.equal(partOf(schema, "a").default, undefined);
});

Deno.test("structural() puts example and deprecation into the description", () => {
  const field = z.string().meta({ description: "Its name.", examples: ["demo", "other"] });
  assert.equal(of(field).description, "Its name. Example: demo.");
  assert.equal(of(field).examples, undefined);
  const old = field.meta({ description: "Its name.", ...deprecated("use title") });
  assert.equal(of(old).description, "Its name. Example: demo. Deprecated: use title.");
  assert.equal(of(old).deprecated, undefined);
  const object = z.record(z.string(), z.string());
  assert.equal(
    of(object.meta({ description: "Labels.", examples: [{ a: "b" }] })).description,
    'Labels. Example: {"a":"b"}.',
  );
});

Deno.test("structural() writes out what a Kubernetes type refers to, with our words for it", () => {
  const kubernetes = {
    Outer: {
      type: "object",
      description: "theirs",
      properties: {
        amounts: {
          type: "object",
          additionalProperties: { $ref: "#/x/io.k8s.apimachinery.pkg.api.resource.Quantity" },
        },
        inner: { allOf: [{ $ref: "#/components/schemas/Inner" }], description: "an inner one" },
      },
    },
    Inner: { type: "object", properties: { a: { type: "string" } } },
  };
  const schema = of(
    z.object({ o: kubernetesSchema("Outer").meta({ description: "Ours." }).optional() }),
    kubernetes,
  );
  const outer = partOf(schema, "o");
  assert.equal(outer.description, "Ours.");
  assert.equal(partOf(outer, "inner").description, "an inner one.");
  assert.deepEqual(partOf(partOf(outer, "inner"), "a"), { type: "string" });
  const quantity = partOf(outer, "amounts").additionalProperties as JsonSchema;
  assert.equal(quantity["x-kubernetes-int-or-string"], true);
});

Deno.test("structural() reads a quantity as Kubernetes does", () => {
  const name = "io.k8s.apimachinery.pkg.api.resource.Quantity";
  const { pattern } = structural({ "x-embed-kubernetes-schema": name }, {});
  assert.ok(typeof pattern === "string");
  const isQuantity = (value: string) => new RegExp(pattern).test(value);
  for (const value of ["1", "0.5", ".5", "1.", "100m", "1Gi", "1e3", "-1", "+1", "12E"]) {
    assert.ok(isQuantity(value), value);
  }
  for (const value of ["", "one", "1 Gi", "1gi", "1GiB", "e3", "."]) {
    assert.ok(!isQuantity(value), value);
  }
});

Deno.test("structural() names the type that the snapshot lacks", () => {
  assert.throws(() => of(z.object({ o: kubernetesSchema("No") })), /no schema No in the snapshot/);
});

function partOf(schema: JsonSchema, name: string): JsonSchema {
  const properties = schema.properties as Readonly<Record<string, JsonSchema>> | undefined;
  const part = properties?.[name];
  assert.ok(part, `there is no ${name}`);
  return part;
}
