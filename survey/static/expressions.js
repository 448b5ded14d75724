// Evaluates parsed expressions by the same rules as survey/questionnaire/expressions.py.
const comparison = compare => (a, b) => a != null && b != null && compare(a, b);
const arithmetic = calculate => (a, b) => {
  const result = a == null || b == null ? NaN : calculate(a, b);
  return isFinite(result) ? result : null;
};
const isBlank = value => value == null || value.length === 0 && typeof value === "object";
const hasOwn = Object.prototype.hasOwnProperty;
const FUNCTIONS = {
  "=": comparison((a, b) => a === b),
  "!=": comparison((a, b) => a !== b),
  "<": comparison((a, b) => a < b),
  "<=": comparison((a, b) => a <= b),
  ">": comparison((a, b) => a > b),
  ">=": comparison((a, b) => a >= b),
  "+": arithmetic((a, b) => a + b),
  "-": arithmetic((a, b) => a - b),
  "*": arithmetic((a, b) => a * b),
  div: arithmetic((a, b) => a / b),
  mod: arithmetic((a, b) => a % b),
  blank: isBlank,
  answered: value => !isBlank(value),
  not: value => value !== true,
  selected: (chosen, name) => Array.isArray(chosen) ? chosen.includes(name) : chosen != null && chosen === name,
  "count-selected": chosen => Array.isArray(chosen) ? chosen.length : chosen == null ? 0 : 1,
  "string-length": text => typeof text === "string" ? [...text].length : 0,
  number: value => typeof value !== "string" ? value : /^-?[0-9]+(\.[0-9]+)?$/.test(value) && isFinite(value) ? +value : null,
  "format-date": (day, pattern) => day == null || pattern == null ? null : pattern
    .replaceAll("%Y", day.slice(0, 4)).replaceAll("%y", day.slice(2, 4))
    .replaceAll("%m", day.slice(5, 7)).replaceAll("%d", day.slice(8, 10))
    .replaceAll("%n", +day.slice(5, 7)).replaceAll("%e", +day.slice(8, 10)),
};
const SPECIAL = {
  ref: (scope, name) => hasOwn.call(scope.values, name) ? scope.values[name] : null,
  condition: (scope, name) => evaluate(scope.conditions[name], scope),
  choice: (scope, name) => scope.choice?.[name] ?? null,
  ".": scope => scope.self ?? null,
  today: scope => scope.today,
  and: (scope, ...parts) => parts.every(part => evaluate(part, scope) === true),
  or: (scope, ...parts) => parts.some(part => evaluate(part, scope) === true),
  if: (scope, condition, yes, no) => evaluate(evaluate(condition, scope) === true ? yes : no, scope),
};

function evaluate(tree, scope) {
  if (!Array.isArray(tree)) return tree;
  const [operator, ...parts] = tree;
  return SPECIAL[operator]?.(scope, ...parts)
    ?? (SPECIAL[operator] ? null : FUNCTIONS[operator](...parts.map(part => evaluate(part, scope))));
}
