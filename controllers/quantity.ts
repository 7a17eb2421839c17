// Kubernetes quantities: amounts such as `512Mi`, `1.5` or `200m`.
//
// The API server stores an amount in one canonical form: what is written as `1024Mi` comes back
// as `1Gi`. What we write must already have it, or the live object never looks like the wanted
// one. The rules are those of k8s.io/apimachinery/pkg/api/resource: amounts are exact to the
// billionth, and rounded away from zero below that.

/** An amount as it may stand in JSON: a text, or for whole numbers a number. */
export type Quantity = string | number;

const FORM = /^([+-]?)([0-9]+(?:\.[0-9]*)?|\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$/;
const DECIMAL = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const NANO = 10n ** 9n;

interface Parsed {
  readonly nano: bigint;
  readonly style: "decimal" | "binary" | "exponent";
}

interface Known {
  readonly amount: number;
  readonly canonical: string;
}

/** What has been read lately. Thousands of servers have a handful of sizes between them. */
const known = new Map<Quantity, Known | undefined>();
const KNOWN_AT_MOST = 256;

/** The amount as a plain number: bytes, cores. Undefined for what is no quantity. */
export function amountIn(quantity: Quantity): number | undefined {
  return read(quantity)?.amount;
}

/** The same of what must be a quantity. Throws a `RangeError` for anything else. */
export function amountOf(quantity: Quantity): number {
  const amount = amountIn(quantity);
  if (amount === undefined) throw new RangeError(`"${quantity}" is not a quantity, such as 512Mi`);
  return amount;
}

/**
 * The same amount as the API server writes it. What is no quantity stays as it is, for the API
 * server to refuse it in its own words.
 */
export function canonicalQuantity(quantity: Quantity): string {
  return read(quantity)?.canonical ?? String(quantity);
}

function read(quantity: Quantity): Known | undefined {
  if (known.has(quantity)) return known.get(quantity);
  if (known.size >= KNOWN_AT_MOST) known.clear();
  const parsed = parse(quantity);
  const understood = parsed && {
    amount: Number(parsed.nano) / Number(NANO),
    canonical: canonical(parsed),
  };
  known.set(quantity, understood);
  return understood;
}

function canonical({ nano, style }: Parsed): string {
  if (nano === 0n) return "0";
  if (style === "binary" && nano % NANO === 0n && absolute(nano) >= 1024n * NANO) {
    const [number, power] = reduced(nano / NANO, 1024n, BINARY.length - 1);
    return `${number}${BINARY[power]}`;
  }
  const [number, power] = reduced(nano, 1000n, DECIMAL.length - 1);
  if (style !== "exponent") return `${number}${DECIMAL[power]}`;
  const exponent = power * 3 - 9;
  return exponent === 0 ? `${number}` : `${number}e${exponent}`;
}

function parse(quantity: Quantity): Parsed | undefined {
  const [, sign, digits = "", suffix = ""] = FORM.exec(String(quantity)) ?? [];
  if (sign === undefined) return undefined;
  const [whole = "", fraction = ""] = digits.split(".");
  const mantissa = BigInt(`${whole}${fraction}`);
  const [numerator, denominator, style] = scaleOf(suffix);
  const dividend = mantissa * numerator * NANO;
  const divisor = denominator * 10n ** BigInt(fraction.length);
  const nano = (dividend + divisor - 1n) / divisor;
  return { nano: sign === "-" ? -nano : nano, style };
}

function scaleOf(suffix: string): readonly [bigint, bigint, Parsed["style"]] {
  const binary = BINARY.indexOf(suffix);
  if (binary > 0) return [1024n ** BigInt(binary), 1n, "binary"];
  const decimal = DECIMAL.indexOf(suffix);
  const exponent = decimal >= 0 ? decimal * 3 - 9 : Number(suffix.slice(1));
  const style = decimal >= 0 ? "decimal" : "exponent";
  return exponent < 0 ? [1n, 10n ** BigInt(-exponent), style] : [
    10n ** BigInt(exponent),
    1n,
    style,
  ];
}

/** Divides by `base` as often as it goes without a remainder, and says how often. */
function reduced(value: bigint, base: bigint, atMost: number): readonly [bigint, number] {
  let power = 0;
  while (power < atMost && value % base === 0n) {
    value /= base;
    power++;
  }
  return [value, power];
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
