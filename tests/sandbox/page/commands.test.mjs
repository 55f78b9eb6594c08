// Commands as the demo's page finds them, and the limits of what may be written, one sentence a rule.

import assert from "node:assert/strict";
import { test } from "node:test";
import { begun, catalogue, exampleOf, meant, pictureCommand } from "../../../bot/sandbox/page/client/commands.js";
import { countFault, countHint, numberOf, takes, textFault } from "../../../bot/sandbox/page/client/limits.js";

const option = (name, type, more = {}) => ({ name, type, description: name, ...more });
const REGISTERED = [
  { type: 1, name: "imagine", name_localizations: { de: "male" }, description: "Make a picture", description_localizations: { de: "Ein Bild" }, options: [option("prompt", 3, { required: true })] },
  { type: 1, name: "blend", description: "Of several", options: [option("image1", 11)] },
  { type: 1, name: "tool", description: "Tools", options: [option("refine", 1, { options: [option("image", 11, { required: true })] })] },
  { type: 1, name: "restyle", description: "Turn it", options: [option("image", 11, { required: true }), option("prompt", 3)] },
  { type: 1, name: "quota", description: "Quotas", options: [option("show", 1, { options: [option("user", 6)] }), option("of", 2, { options: [option("role", 1)] })] },
  { type: 3, name: "Restyle image", name_localizations: { de: "Bild ändern" } },
];

/** The page's book of commands in a language, loaded from what was registered. */
async function book(locale = "en-US") {
  const heard = {};
  const store = {
    state: { me: "1", channel: "2", locale, scene: { bot: { username: "Easel" }, examples: [{ command: "restyle", options: { prompt: "in oil" }, picture: "cat.jpg" }] } },
    on: (kind, handler) => (heard[kind] = handler),
    emit: () => {},
    load: async () => REGISTERED,
  };
  const opened = catalogue(store);
  await heard.where();
  return { store, ...opened };
}

const names = entries => entries.map(entry => entry.shown);

test("sub-commands stand by their whole names, with their own options", async () => {
  const { slash } = await book();
  assert.deepEqual(names(slash()), ["imagine", "blend", "tool refine", "restyle", "quota show", "quota of role"]);
  assert.deepEqual(slash().find(entry => entry.command === "quota show").options.map(each => each.name), ["user"]);
});

test("another language shows other names and sends the registered ones", async () => {
  const { slash, menu } = await book("de");
  const [first] = slash();
  assert.deepEqual([first.shown, first.about, first.command], ["male", "Ein Bild", "imagine"]);
  assert.deepEqual(menu(3), [{ command: "Restyle image", shown: "Bild ändern" }]);
});

test("what begins with the typed letters comes before what holds them", async () => {
  const { slash } = await book();
  assert.deepEqual(names(meant(slash(), "re")), ["restyle", "tool refine"]);
  assert.deepEqual(names(meant(slash(), "quota s")), ["quota show"]);
});

test("both the registered and the translated name find a command", async () => {
  const { slash } = await book("de");
  for (const typed of ["male", "imag"]) assert.deepEqual(names(meant(slash(), typed)), ["male"]);
});

test("a description is searched from three letters on", async () => {
  const { slash } = await book();
  assert.deepEqual(names(meant(slash(), "ver")).concat(names(meant(slash(), "seve"))), ["blend", "blend"]);
  assert.deepEqual(names(meant(slash(), "ev")), []);
});

test("a name with a space after it is chosen, and what follows are its words", async () => {
  const { slash } = await book();
  const found = begun(slash(), "/imagine a fox");
  assert.deepEqual([found.entry.command, found.rest], ["imagine", "a fox"]);
  assert.equal(begun(slash(), "/imagine"), null);
  assert.equal(begun(slash(), "/quota "), null);
  assert.equal(begun(slash(), "imagine a fox"), null);
});

test("a picture goes to /restyle, or else to the first command that needs one", async () => {
  const { slash } = await book();
  assert.equal(pictureCommand(slash()).command, "restyle");
  assert.equal(pictureCommand(slash().filter(entry => entry.command !== "restyle")).command, "tool refine");
  assert.equal(pictureCommand([]), null);
});

test("an example's picture is its command's picture", async () => {
  const { store, slash } = await book();
  assert.deepEqual(exampleOf(store, slash()[3]), { image: { photo: "cat.jpg" }, prompt: "in oil" });
  assert.deepEqual(exampleOf(store, slash()[0]), {});
});

test("a whole number is no fraction and no word, and keeps to its range", () => {
  const count = { type: 4, min_value: 1, max_value: 4 };
  assert.deepEqual(numberOf(" 3 ", count), { value: 3 });
  assert.deepEqual(numberOf("1.5", count), { fault: "A whole number." });
  assert.deepEqual(numberOf("two", count), { fault: "A whole number." });
  assert.deepEqual(numberOf("9", count), { fault: "From 1 to 4, not 9." });
});

test("a number may have either sign for its fraction, and bounds on one side", () => {
  assert.deepEqual(numberOf("0,5", { type: 10 }), { value: 0.5 });
  assert.deepEqual(numberOf("-1", { type: 10, min_value: 0 }), { fault: "At least 0, not -1." });
  assert.deepEqual(numberOf("0", { type: 4, min_value: 0, max_value: 0 }), { value: 0 });
});

test("characters are counted as one reads them", () => {
  assert.equal(textFault("🌊🌊", { low: 1, high: 2 }), null);
  assert.equal(textFault("🌊🌊🌊", { low: 1, high: 2 }), "At most 2 characters, not 3.");
  assert.equal(textFault("a", { low: 2, high: 5 }), "At least 2 characters, not 1.");
});

test("too few and too many choices are told, one that is missing as required", () => {
  assert.equal(countFault(0, { low: 1, high: 3 }), "This is required.");
  assert.equal(countFault(1, { low: 2, high: 3, things: "files" }), "At least 2 files, not 1.");
  assert.equal(countFault(4, { low: 1, high: 3 }), "At most 3 choices, not 4.");
  assert.equal(countFault(0, { low: 0, high: 3 }), null);
});

test("what an option or a field takes is said in a few words, or not at all", () => {
  assert.equal(takes({ type: 3, max_length: 4000 }), "up to 4,000 characters");
  assert.equal(takes({ type: 3, min_length: 3, max_length: 20 }), "3 to 20 characters");
  assert.equal(takes({ type: 4, min_value: -1, max_value: 9 }), "from -1 to 9");
  assert.equal(takes({ type: 5 }), "");
  assert.deepEqual([countHint({ low: 0, high: 3 }), countHint({ low: 2, high: 3 }), countHint({ low: 1, high: 1 })], ["Choose up to 3", "Choose 2 to 3", ""]);
});
