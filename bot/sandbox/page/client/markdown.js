// Reads Discord's markdown: text → a tree of plain objects, without touching the page.

const FENCE = /(?<!\\)```(?:([\w+#.-]+)\n)?\n?([\s\S]*?)\n*```/;
const HEADING = /^(#{1,3})\s+(.+?)\s*#*$/;
const SMALL = /^-#\s+(.+)$/;
const ITEM = /^(\s*)([-*]|\d{1,9}\.)\s+(.*)$/;
const LOOKS_LIKE_LINK = /^\s*https?:\/\//i;

/** Text → blocks: {type: "text" | "heading" | "small" | "quote" | "code" | "list", …}.
 *  Of inline nodes a block has `children`, of blocks a quote has; a list has `items`, each a list of blocks. */
export function parse(text, isQuoted = false) {
  const blocks = [];
  let plain = [];
  let rest = text;
  const flush = () => {
    const joined = plain.join("\n");
    if (joined.trim()) blocks.push({ type: "text", children: inline(joined) });
    plain = [];
  };
  while (rest !== "") {
    const found = block(rest, isQuoted);
    if (found) {
      flush();
      blocks.push(...found.blocks);
      rest = found.rest;
    } else {
      const [line, more] = cut(rest);
      plain.push(line);
      rest = more;
    }
  }
  flush();
  return blocks;
}

function cut(text) {
  const end = text.indexOf("\n");
  return end < 0 ? [text, ""] : [text.slice(0, end), text.slice(end + 1)];
}

/** What stands at the beginning of a line, if it is more than words: {blocks, rest}. */
function block(text, isQuoted) {
  const [line, more] = cut(text);
  if (!isQuoted && text.startsWith(">>> ")) return { blocks: [{ type: "quote", children: parse(text.slice(4), true) }], rest: "" };
  if (!isQuoted && /^> /.test(line)) return quote(text);
  const fence = FENCE.exec(text);
  if (fence && fence.index <= line.length) return fenced(text, fence, isQuoted);
  const heading = HEADING.exec(line);
  if (heading) return { blocks: [{ type: "heading", level: heading[1].length, children: inline(heading[2]) }], rest: more };
  const small = SMALL.exec(line);
  if (small) return { blocks: [{ type: "small", children: inline(small[1]) }], rest: more };
  return ITEM.test(line) ? list(text) : null;
}

function quote(text) {
  const lines = [];
  let rest = text;
  while (/^> /.test(cut(rest)[0]) && rest !== "") {
    const [line, more] = cut(rest);
    lines.push(line.slice(2));
    rest = more;
  }
  return { blocks: [{ type: "quote", children: parse(lines.join("\n"), true) }], rest };
}

function fenced(text, fence, isQuoted) {
  const before = text.slice(0, fence.index);
  const code = { type: "code", language: fence[1] ?? "", text: fence[2] };
  const rest = text.slice(fence.index + fence[0].length).replace(/^[ \t]*\n/, "");
  return { blocks: [...(before.trim() ? parse(before, isQuoted) : []), code], rest };
}

/** Items of one list by their indentation; what is further in is a list of the item before it. */
function list(text) {
  const lines = [];
  let rest = text;
  for (let found; (found = ITEM.exec(cut(rest)[0])) && rest !== ""; rest = cut(rest)[1])
    lines.push({ depth: found[1].length, sign: found[2], text: found[3] });
  return { blocks: nested(lines), rest };
}

function nested(lines) {
  const lists = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at];
    let end = at + 1;
    while (end < lines.length && lines[end].depth > line.depth) end += 1;
    const item = [{ type: "text", children: inline(line.text) }, ...nested(lines.slice(at + 1, end))];
    const isOrdered = line.sign.endsWith(".");
    const last = lists.at(-1);
    if (last?.isOrdered === isOrdered) last.items.push(item);
    else lists.push({ type: "list", isOrdered, start: isOrdered ? Number.parseInt(line.sign, 10) : 1, items: [item] });
    at = end - 1;
  }
  return lists;
}

const wrapping = type => (found, depth) => ({ type, children: inline(found[1], depth + 1) });

// In the order in which they are tried, each at the very place it may begin.
const RULES = [
  [/\\([^A-Za-z0-9\s])/y, found => ({ type: "plain", text: found[1] })],
  [/(`+)([\s\S]*?[^`])\1(?!`)/y, found => ({ type: "code", text: found[2].replace(/^ (?=`)|(?<=`) $/g, "") })],
  [/<(https?:\/\/[^\s<>]+)>/y, found => link(found[1])],
  [/<@!?(\d+)>/y, found => ({ type: "user", id: found[1] })],
  [/<@&(\d+)>/y, found => ({ type: "role", id: found[1] })],
  [/<#(\d+)>/y, found => ({ type: "channel", id: found[1] })],
  [/<\/([^:<>\n]{1,100}):(\d+)>/y, found => ({ type: "command", name: found[1], id: found[2] })],
  [/<(a?):(\w{2,32}):(\d+)>/y, found => ({ type: "emoji", name: found[2], id: found[3], isAnimated: found[1] === "a" })],
  [/<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/y, found => ({ type: "time", seconds: Number(found[1]), style: found[2] ?? "f" })],
  [/@(everyone|here)\b/y, found => ({ type: "everyone", name: found[1] })],
  [/\[((?:\\[\s\S]|[^[\]\\]|\[[^[\]]*\])+)\]\(\s*<?(https?:\/\/(?:[^\s<>()]|\([^\s<>()]*\))+)>?(?:\s+["'][^"']*["'])?\s*\)/iy, masked],
  [/https?:\/\/(?:[^\s<>()]|\([^\s<>()]*\))*[^\s<>().,:;"'\]!?*_~|]/iy, found => link(found[0])],
  [/\|\|([\s\S]+?)\|\|/y, wrapping("spoiler")],
  [/\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/y, wrapping("bold")],
  [/__((?:\\[\s\S]|[^\\])+?)__(?!_)/y, wrapping("underline")],
  [/\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/y, wrapping("italic")],
  [/\b_((?:__|\\[\s\S]|[^\\_])+?)_\b/y, wrapping("italic")],
  [/~~(?=\S)([\s\S]*?\S)~~/y, wrapping("strike")],
];
const MAY_BEGIN = /[\\`<@[h|*_~]/gi;
const DEEPEST = 12; // so that a text of markers alone cannot exhaust the stack

function link(url, children = [{ type: "plain", text: url }]) {
  return { type: "link", url, children };
}

/** A label that looks like another address is no link, so that nobody is led elsewhere. */
function masked(found, depth) {
  if (LOOKS_LIKE_LINK.test(found[1])) return { type: "plain", text: found[0] };
  return link(found[2], inline(found[1], depth + 1));
}

/** Words → inline nodes: {type: "plain", text}, {type: "bold", children}, {type: "user", id} … */
export function inline(text, depth = 0) {
  const nodes = [];
  const say = words => {
    if (nodes.at(-1)?.type === "plain") nodes.at(-1).text += words;
    else if (words) nodes.push({ type: "plain", text: words });
  };
  let at = 0;
  while (at < text.length) {
    MAY_BEGIN.lastIndex = at;
    const begin = depth < DEEPEST ? (MAY_BEGIN.exec(text)?.index ?? text.length) : text.length;
    say(text.slice(at, begin));
    if (begin === text.length) break;
    const found = first(text, begin);
    const node = found ? found.make(found.match, depth) : { type: "plain", text: text[begin] };
    if (node.type === "plain") say(node.text);
    else nodes.push(node);
    at = begin + (found ? found.match[0].length : 1);
  }
  return nodes;
}

function first(text, at) {
  for (const [rule, make] of RULES) {
    rule.lastIndex = at;
    const match = rule.exec(text);
    if (match) return { match, make };
  }
  return null;
}
