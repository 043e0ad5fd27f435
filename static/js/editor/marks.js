// What tools and keys do to the text, as plain functions: from {value, start, end} to an edit
// {from, to, text, start, end} (what is replaced, by what, what is selected afterwards), or null for none.

const ITEM = /^((?:[ \t]*>)*[ \t]*)(?:([-*+]|\d{1,9}[.)])([ \t]+)(\[[ xX]\][ \t]+)?)?/;
const FENCE = /^[ \t]{0,3}(?:```|~~~)/gm;
export const ALT = /^!\[(?:[^\]\\]|\\.)*\]/;
const ADDRESS = /^(?:https?:\/\/|mailto:)\S+$/;

export function wrap({ value, start, end }, mark) {
  const inside = value.slice(start, end);
  const size = mark.length;
  if (value.slice(start - size, start) === mark && value.slice(end).startsWith(mark)) {
    return { from: start - size, to: end + size, text: inside, start: start - size, end: end - size };
  }
  return { from: start, to: end, text: mark + inside + mark, start: start + size, end: end + size };
}

export const bold = (state) => wrap(state, "**");
export const italic = (state) => wrap(state, "*");

// A few words as code, whole lines as a block of it.
export function code(state) {
  const { value, start, end } = state;
  const chosen = value.slice(start, end);
  if (!chosen.includes("\n")) return wrap(state, "`");
  const lines = spanned(state);
  const text = `\`\`\`\n${value.slice(lines.from, lines.to)}\n\`\`\``;
  return { ...lines, text, start: lines.from + 3, end: lines.from + 3 };
}

export function link({ value, start, end }, { linkText, address = "https://" }) {
  const shown = value.slice(start, end) || linkText;
  const at = start + shown.length + 3;
  return { from: start, to: end, text: `[${shown}](${address})`, start: at, end: at + address.length };
}

// An address over chosen words makes them a link; over an address, or over lines, it is pasted as it is.
export function linkTo({ value, start, end }, pasted) {
  const chosen = value.slice(start, end);
  if (!chosen.trim() || chosen.includes("\n") || ADDRESS.test(chosen.trim()) || !ADDRESS.test(pasted)) return null;
  const text = `[${chosen}](${pasted})`;
  return { from: start, to: end, text, start: start + text.length, end: start + text.length };
}

export const quote = (state) => markLines(state, /^> ?/, () => "> ");
export const list = (state) => markLines(state, /^[-*+] /, () => "- ");
export const numbers = (state) => markLines(state, /^\d{1,9}[.)] /, (index) => `${index + 1}. `);

// A heading below the title, then one below that, then none again.
export function heading(state) {
  const { from, to } = spanned(state);
  const lines = state.value.slice(from, to).split("\n");
  const level = /^(#*) ?/.exec(lines[0])[1].length;
  const mark = { 0: "## ", 1: "## ", 2: "### " }[level] ?? "";
  return chosenLines(from, to, lines.map((line) => (line.trim() || lines.length === 1 ? mark : "") + line.replace(/^#+ ?/, "")));
}

// The mark where the cursor stands, the note at the end, where it is written next.
export function footnote({ value, start, end }) {
  const used = [...value.matchAll(/\[\^(\d+)\]/g)].map((match) => Number(match[1]));
  const mark = `[^${Math.max(0, ...used) + 1}]`;
  const rest = value.slice(end).replace(/\n+$/, "");
  const gap = /\n\[\^[^\]]+\]:[^\n]*$/.test(`\n${value.slice(0, end)}${rest}`) ? "\n" : "\n\n";
  const text = `${value.slice(start, end)}${mark}${rest}${gap}${mark}: `;
  return { from: start, to: value.length, text, start: start + text.length, end: start + text.length };
}

export const indent = (state) => editLines(state, (line) => (line ? `    ${line}` : line));
export const outdent = (state) => editLines(state, (line) => line.replace(/^(?: {1,4}|\t)/, ""));

// What the return key does inside a list or quote: the next item, or after an empty one the end of the list.
export function nextLine({ value, start, end }) {
  if (start !== end || ((value.slice(0, start).match(FENCE) ?? []).length & 1)) return null;
  const from = value.lastIndexOf("\n", start - 1) + 1;
  const stop = value.indexOf("\n", start);
  const line = value.slice(from, stop < 0 ? undefined : stop);
  const [prefix, quoted, bullet = "", space = "", task = ""] = ITEM.exec(line);
  if (!(bullet || quoted.includes(">")) || start < from + prefix.length) return null;
  if (!line.slice(prefix.length).trim()) {
    const left = bullet && quoted.includes(">") ? `${quoted.trimEnd()}\n${quoted}` : "\n";
    return { from, to: from + line.length, text: left, start: from + left.length, end: from + left.length };
  }
  const number = parseInt(bullet, 10);
  const next = Number.isNaN(number) ? bullet : `${number + 1}${bullet.slice(-1)}`;
  const text = `\n${quoted}${next}${space}${task && "[ ] "}`;
  return { from: start, to: start, text, start: start + text.length, end: start + text.length };
}

// On lines of its own: {before, after} are the line ends that are missing around what comes between from and to.
export function gaps(value, from, to) {
  const before = from === 0 || value.slice(0, from).endsWith("\n\n") ? "" : value[from - 1] === "\n" ? "\n" : "\n\n";
  const after = value.slice(to).startsWith("\n\n") ? "" : value[to] === "\n" ? "\n" : "\n\n";
  return { before, after };
}

// A picture of the library behind what is chosen. The cursor comes behind it, or to where its words are missing.
export function known({ value, end }, { markdown, alt }) {
  const code = `![${alt.replaceAll(/\s+/g, " ").trim().replaceAll(/([\\[\]])/g, "\\$1")}]${markdown.replace(ALT, "")}`;
  const { before, after } = gaps(value, end, end);
  const text = before + code + after;
  const at = alt ? end + text.length + (2 - after.length) : end + before.length + 2;
  return { from: end, to: end, text, start: at, end: at };
}

// Lines

function spanned({ value, start, end }) {
  const from = value.lastIndexOf("\n", start - 1) + 1;
  const last = end > start && value[end - 1] === "\n" ? end - 1 : end;
  const stop = value.indexOf("\n", last);
  return { from, to: stop < 0 ? value.length : stop };
}

// A mark before each line; taken away where every line has it.
function markLines(state, pattern, mark) {
  const { from, to } = spanned(state);
  const lines = state.value.slice(from, to).split("\n");
  const written = lines.filter((line) => line.trim());
  if (written.length && written.every((line) => pattern.test(line))) {
    return chosenLines(from, to, lines.map((line) => line.replace(pattern, "")));
  }
  let index = 0;
  const marked = lines.map((line) => (line.trim() || lines.length === 1 ? mark(index++) + line : line));
  const before = state.value.slice(0, from).split("\n").at(-2) ?? "";
  const gap = before.trim() && !pattern.test(before) ? "\n" : "";
  return chosenLines(from, to, marked, gap);
}

function editLines(state, edit) {
  const { from, to } = spanned(state);
  return chosenLines(from, to, state.value.slice(from, to).split("\n").map(edit));
}

function chosenLines(from, to, lines, before = "") {
  const text = before + lines.join("\n");
  const start = lines.length === 1 ? from + text.length : from + before.length;
  return { from, to, text, start, end: from + text.length };
}
