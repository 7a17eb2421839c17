import assert from "node:assert/strict";
import { mergeJUnit, parseJUnit } from "./_junit.ts";

const report = (body: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="x">${body}</testsuites>\n`;

Deno.test("parseJUnit counts passed, failed and skipped test cases", () => {
  const counts = parseJUnit(report(`
    <testsuite name="a" tests="4" failures="9">
      <testcase name="one" time="0.1"/>
      <testcase name="two &quot;b&quot; &lt; c"><failure message="no">because</failure></testcase>
      <testcase name="three"><skipped/></testcase>
      <testcase name="four"><error message="x"></error></testcase>
      <testcase name="five"><system-out><![CDATA[<failure>]]></system-out></testcase>
    </testsuite>`));
  assert.deepEqual(counts, {
    passed: 2,
    failed: 2,
    skipped: 1,
    failures: ['two "b" < c: no', "four: x"],
  });
});

Deno.test("parseJUnit tells how the message of a failure begins, in one line", () => {
  const failed = (message: string) =>
    report(`<testsuite><testcase name="t"><failure message="${message}"/></testcase></testsuite>`);
  const told = (message: string) => parseJUnit(failed(message)).failures[0];
  assert.equal(told("Uncaught Error: a\n  is &lt; b"), "t: Error: a is < b");
  assert.equal(told("x".repeat(301)), `t: ${"x".repeat(300)} …`);
  assert.equal(told(""), "t");
});

Deno.test("parseJUnit finds nothing in a report without tests", () => {
  assert.deepEqual(parseJUnit(report("")), { passed: 0, failed: 0, skipped: 0, failures: [] });
});

Deno.test("parseJUnit refuses a report that was cut off", () => {
  const whole = report('<testsuite><testcase name="one"/></testsuite>');
  assert.throws(() => parseJUnit(whole.slice(0, -"</testsuites>\n".length)), /ends inside/);
  assert.throws(() => parseJUnit(whole.slice(0, -4)), SyntaxError);
});

Deno.test("parseJUnit refuses what is not a JUnit report", () => {
  assert.throws(() => parseJUnit(""), /not a JUnit report/);
  assert.throws(() => parseJUnit("<html></html>"), /not a JUnit report/);
  assert.throws(() => parseJUnit("<testsuites></testsuites><testsuites/>"), /second root/);
});

Deno.test("parseJUnit refuses tags that do not fit", () => {
  assert.throws(() => parseJUnit("<testsuites><a></b></testsuites>"), /<\/b> closes nothing/);
  assert.throws(() => parseJUnit("<testsuites><a =></testsuites>"), /not XML/);
});

Deno.test("mergeJUnit() keeps every test case of every report", () => {
  const merged = mergeJUnit([
    report('<testsuite><testcase name="one"/></testsuite>'),
    report(""),
    '<testsuites name="none"/>',
    report('<testsuite><testcase name="two"><failure>a &gt; b</failure></testcase></testsuite>'),
  ]);
  assert.deepEqual(parseJUnit(merged), { passed: 1, failed: 1, skipped: 0, failures: ["two"] });
});

Deno.test("mergeJUnit() of nothing is a report without tests", () => {
  assert.equal(parseJUnit(mergeJUnit([])).passed, 0);
});
