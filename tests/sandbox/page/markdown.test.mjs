// Discord's markdown as the demo's page reads it, one sentence a rule.

import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../../../bot/sandbox/page/client/markdown.js";

/** A tree in brackets: `bold(it)`. */
function written(nodes) {
  return nodes.map(node => {
    if (node.type === "plain") return node.text;
    const of = node.children ? written(node.children) : node.items ? node.items.map(item => `[${written(item)}]`).join("") : (node.text ?? node.id ?? node.name ?? node.seconds);
    const about = [node.level, node.language, node.url, node.style, node.isOrdered && node.start].filter(Boolean);
    return `${[node.type, ...about].join(" ")}(${of})`;
  }).join("");
}

const read = text => written(parse(text));
const line = text => read(text).replace(/^text\(([\s\S]*)\)$/, "$1");

const LINES = {
  "bold, italic, underline and strike nest": ["**a *b* __c__ ~~d~~**", "bold(a italic(b) underline(c) strike(d))"],
  "three stars are bold and italic": ["***a***", "bold(italic(a))"],
  "an underscore within a word is a letter": ["some_snake_case _but_ this", "some_snake_case italic(but) this"],
  "a star before a space begins nothing": ["2 * 3 * 4", "2 * 3 * 4"],
  "a mark may span lines": ["**a\nb**", "bold(a\nb)"],
  "a mark without an end is only letters": ["**a __b ||c `d", "**a __b ||c `d"],
  "a backslash makes a mark a letter": ["\\*a\\* \\_ \\<@1> \\`b\\` \\\\", "*a* _ <@1> `b` \\"],
  "a backslash before a letter is itself": ["C:\\temp", "C:\\temp"],
  "nothing is marked within code": ["`**a** <@1>` ``b ` c``", "code(**a** <@1>) code(b ` c)"],
  "a spoiler holds marks": ["||a **b**||", "spoiler(a bold(b))"],
  "mentions name whom they mention": ["<@1> <@!2> <@&3> <#4> @everyone @here", "user(1) user(2) role(3) channel(4) everyone(everyone) everyone(here)"],
  "a command's mention holds its group": ["</quota show:12>", "command(12)"],
  "custom emoji": ["<:blob:12><a:party:13>", "emoji(12)emoji(13)"],
  "each style of a time": ["<t:1> <t:2:R> <t:-3:F>", "time f(1) time R(2) time F(-3)"],
  "an unknown style of a time is only letters": ["<t:1:x>", "<t:1:x>"],
  "a masked link": ["[a **b**](https://x.org/y_(z))", "link https://x.org/y_(z)(a bold(b))"],
  "a masked link without preview and with a title": ['[a](<https://x.org> "t")', "link https://x.org(a)"],
  "a masked link leads to the web only": ["[a](javascript:alert(1)) [b](data:text/html,x)", "[a](javascript:alert(1)) [b](data:text/html,x)"],
  "a masked link's words are no other address": ["[https://a.org](https://b.org)", "[https://a.org](https://b.org)"],
  "a bare link ends before the sentence does": ["see https://a.org/b?c=d_e, (https://a.org/f).", "see link https://a.org/b?c=d_e(https://a.org/b?c=d_e), (link https://a.org/f(https://a.org/f))."],
  "a link in angle brackets": ["<https://a.org/b>", "link https://a.org/b(https://a.org/b)"],
  "no tag of HTML means anything": ["<b>a</b> <script>x</script>", "<b>a</b> <script>x</script>"],
};
for (const [what, [text, expected]] of Object.entries(LINES)) test(what, () => assert.equal(line(text), expected));

const BLOCKS = {
  "headings of three levels": ["# a\n## b\n### c\n#### d", "heading 1(a)heading 2(b)heading 3(c)text(#### d)"],
  "small print": ["-# a *b*\nc", "small(a italic(b))text(c)"],
  "a quote is as long as its lines": ["> a\n> b\nc", "quote(text(a\nb))text(c)"],
  "a quote to the end": ["a\n>>> b\nc", "text(a)quote(text(b\nc))"],
  "no quote without a space": [">a", "text(>a)"],
  "a quote in a quote is only letters": ["> > a", "quote(text(> a))"],
  "small print and lists within a quote": ["> -# a\n> - b", "quote(small(a)list([text(b)]))"],
  "a list's items hold lists": ["- a\n  - b\n    - c\n- d", "list([text(a)list([text(b)list([text(c)])])][text(d)])"],
  "a numbered list begins where it says": ["3. a\n4. b", "list 3([text(a)][text(b)])"],
  "a block of code keeps its lines and names its language": ["a\n```py\nx = **1**\n\ny\n```\nb", "text(a)code py(x = **1**\n\ny)text(b)"],
  "a block of code within a line": ["a ```b``` c", "text(a )code(b)text( c)"],
  "blank lines within words stay": ["a\n\nb", "text(a\n\nb)"],
};
for (const [what, [text, expected]] of Object.entries(BLOCKS)) test(what, () => assert.equal(read(text), expected));

test("a text of marks alone is read to its end", () => {
  for (const mark of ["*", "_", "|", "`", "[", "> ", "~", "\\", "<", "**a", "||b", "[c]("])
    assert.ok(parse(mark.repeat(4000 / mark.length)));
});
