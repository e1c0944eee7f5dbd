// Vitrine works without this script: every action is a form or a link. What is here only makes it smoother.
"use strict";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const said = document.getElementById("said");

/** Tells screen readers what changed; what is loud is shown to everybody for a while. */
function say(sentence, loud = false) {
  said.textContent = sentence;
  said.classList.toggle("loud", loud);
  clearTimeout(say.timer);
  if (loud) say.timer = setTimeout(() => said.classList.remove("loud"), 8000);
}

/** Fetches, or throws an error whose message is a sentence for the visitor. */
async function ask(address, options = {}) {
  let response;
  try {
    response = await fetch(address, options);
  } catch {
    throw new Error(navigator.onLine ? "The service cannot be reached just now." : "There is no connection just now.");
  }
  if (response.ok) return response;
  const body = await response.text();
  let sentence = "";
  if (response.headers.get("Content-Type").startsWith("application/json")) sentence = JSON.parse(body).error.message;
  else sentence = parse(body).querySelector("main [role=alert]:not([hidden])")?.textContent;
  throw new Error(sentence || "Something went wrong.");
}

const parse = (html) => new DOMParser().parseFromString(html, "text/html");
const page = async (address) => parse(await (await ask(address, { headers: { Accept: "text/html" } })).text());

/** Does something to a batch of works, unless something is being done to it already. */
async function busy(batch, task) {
  if (batch.ariaBusy) return;
  batch.ariaBusy = "true";
  try {
    await task();
  } catch (error) {
    say(error.message, true);
  } finally {
    batch.ariaBusy = null;
  }
}

// Hearts: without a reload, and the same everywhere on the page.

function mark(id, value) {
  for (const form of all("form.judge")) {
    if (form.elements.namedItem("id").value !== id) continue;
    const button = form.querySelector("button");
    const pressed = button.dataset.kind === value;
    button.setAttribute("aria-pressed", pressed);
    button.value = pressed ? "none" : button.dataset.kind;
  }
}

const counted = () => Number(document.querySelector("[data-liked]").textContent);

function count(likes) {
  for (const number of all("[data-liked]")) number.textContent = likes;
  for (const button of all("[data-needs-likes]")) button.disabled = !likes;
}

async function judgements() {
  const { likes, dislikes, gone } = await (await ask("/likes", { headers: { Accept: "application/json" } })).json();
  const values = new Map([...likes.map((hit) => [hit.id, "like"]), ...dislikes.map((hit) => [hit.id, "dislike"])]);
  for (const id of new Set(all("form.judge").map((form) => form.elements.namedItem("id").value))) {
    mark(id, values.get(id) || "none");
  }
  count(likes.length + gone.filter((work) => work.value === "like").length);
}

// What is on its way, by work: the last touch of a heart shall arrive last.
const judging = new Map();

function judge(id, value) {
  const pressed = all("form.judge [aria-pressed=true]").find((button) => button.form.elements.namedItem("id").value === id);
  const before = pressed?.dataset.kind ?? "none";
  const change = (value === "like") - (before === "like");
  mark(id, value);
  count(counted() + change);
  const headers = { Accept: "application/json", "Content-Type": "application/json" };
  const body = JSON.stringify({ id, value });
  const kept = (judging.get(id) ?? Promise.resolve()).then(async () => {
    try {
      await (await ask("/likes", { method: "POST", headers, body, keepalive: true })).json();
      say({ like: "Added to your likes", dislike: "Noted as not for you", none: "Taken back" }[value]);
    } catch (error) {
      say(error.message, true);
      mark(id, before);
      count(counted() - change);
    }
    if (judging.get(id) === kept) judging.delete(id);
  });
  judging.set(id, kept);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.matches("form.judge")) {
    event.preventDefault();
    judge(form.elements.namedItem("id").value, event.submitter.value);
  } else if (form.matches(".from-likes") && judging.size) {
    event.preventDefault();
    await Promise.all(judging.values());
    form.submit();
  } else if (form.matches(".upload")) {
    event.preventDefault();
    send(form, form.elements.namedItem("image").files[0]);
  } else if (form.matches(".find")) {
    event.preventDefault();
    find(form).catch((error) => say(error.message, true));
  } else if (!navigator.onLine) {
    event.preventDefault();
    say("There is no connection just now. Please try again soon.", true);
  }
});

// A page that the browser kept may show hearts of before.
addEventListener("pageshow", (event) => {
  const [navigation] = performance.getEntriesByType("navigation");
  if (event.persisted || navigation?.type === "back_forward") judgements().catch(() => {});
});

// "Show more" hangs the next works below these, or adds their rows to the table.

const WORKS = ".wall > li, .sheet tbody > tr";

/** Works that were hung below have been seen like those of the page itself, which its form "Recommend" names. */
function noteShown(found) {
  const id = all(".bar .from-likes [name=id]", found).map((field) => field.value);
  const headers = { Accept: "application/json", "Content-Type": "application/json" };
  const note = { method: "POST", headers, body: JSON.stringify({ id }), keepalive: true };
  if (id.length) ask("/shown", note).catch(() => {}); // no visitor has to know
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(".pages [rel=next]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const batch = link.closest(".batch");
  busy(batch, () => showMore(batch, link));
});

async function showMore(batch, link) {
  const found = await page(link.href);
  const more = all(WORKS, found);
  if (!more.length) { // works have left the collection meanwhile
    link.remove();
    say("There are no more works.", true);
    return;
  }
  if (batch.closest("#trail")) more.forEach((work) => work.removeAttribute("id"));
  const pages = found.querySelector(".pages");
  const before = batch.querySelector(".pages");
  pages.querySelector(".from").textContent = before.querySelector(".from").textContent;
  pages.querySelector("[rel=prev]").replaceWith(before.querySelector("[rel=prev]") || "");
  batch.querySelector(WORKS).parentElement.append(...more);
  before.replaceWith(pages);
  noteShown(found);
  more[0].querySelector(".title a").focus({ preventScroll: true });
  say(pages.querySelector("p").textContent);
}

// Pictures: chosen, dropped or pasted, shown, made small and sent.

const side = (bitmap, longest) => {
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
};

async function send(form, file) {
  if (form.querySelector("progress")) return; // it is on its way
  const area = form.querySelector(".drop");
  const problem = form.querySelector(".problem");
  const progress = Object.assign(document.createElement("progress"), { ariaLabel: "Searching" });
  area.querySelector("img")?.remove();
  area.append(progress);
  problem.hidden = true;
  const body = new FormData(form);
  let preview = null;
  try {
    const bitmap = await createImageBitmap(file);
    preview = side(bitmap, 320).toDataURL("image/jpeg", 0.8);
    progress.before(Object.assign(new Image(), { src: preview, alt: "Your picture" }));
    // A phone's photo is ten times what the comparison looks at.
    if (file.size > 1_000_000) {
      const small = await new Promise((done) => side(bitmap, 1600).toBlob(done, "image/jpeg", 0.9));
      body.set("image", small, file.name);
    }
  } catch {
    // Not a picture that this browser reads; the service may, or says why not.
  }
  try {
    const response = await ask(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
    await response.text();
    const key = new URL(response.url).searchParams.get("picture");
    if (preview) sessionStorage.setItem("picture", JSON.stringify([key, preview]));
    location.assign(response.url);
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
    form.reset();
  }
  progress.remove();
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form.upload");
  if (form && event.target.files?.length) send(form, event.target.files[0]);
});

function take(files) {
  const form = document.querySelector("main form.upload") || document.querySelector("form.upload");
  const picture = [...files].find((file) => file.type.startsWith("image/"));
  if (!form || !picture) return;
  const panel = form.closest("[popover]");
  if (panel && !panel.matches(":popover-open")) panel.showPopover();
  const chosen = new DataTransfer();
  chosen.items.add(picture);
  form.elements.namedItem("image").files = chosen.files;
  send(form, picture);
}

const carries = (event) => event.dataTransfer?.types.includes("Files");
document.addEventListener("paste", (event) => take(event.clipboardData.files));
document.addEventListener("dragover", (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  document.documentElement.classList.add("dropping");
});
for (const end of ["dragleave", "drop"]) {
  document.addEventListener(end, () => document.documentElement.classList.remove("dropping"));
}
document.addEventListener("drop", (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  take(event.dataTransfer.files);
});

function showPicture() {
  const place = document.querySelector("[data-picture]");
  const [key, preview] = JSON.parse(sessionStorage.getItem("picture") || "[]");
  if (place && place.dataset.picture === key) {
    place.append(Object.assign(new Image(), { src: preview, alt: "Your picture" }));
  }
}

// Names to search for, while one types.

async function suggest(field) {
  const found = await page(`/suggest?q=${encodeURIComponent(field.value)}`);
  field.list.replaceChildren(...found.querySelectorAll("option"));
}

// A facet's field finds values among all that there are.

async function find(form) {
  const field = form.querySelector("[type=search]");
  const asked = field.value;
  const address = new URL(form.action);
  address.search = new URLSearchParams(new FormData(form));
  const found = (await page(address)).querySelector(`.facet:has(#${field.id}) .listed`);
  if (!found || field.value !== asked) return; // one has typed on meanwhile
  form.closest(".facet").querySelector(".listed").replaceWith(found);
  if (asked) say(`${found.querySelectorAll("li").length} found`);
}

let typing;
document.addEventListener("input", ({ target }) => {
  const wish = target.id === "q" ? () => suggest(target) : target.form?.matches(".find") && (() => find(target.form));
  if (!wish) return;
  clearTimeout(typing);
  typing = setTimeout(() => wish().catch(() => {}), 150); // what was there still serves
});

// Without a connection the page stays, and says why nothing new comes.

addEventListener("offline", () => say("There is no connection just now. This page stays.", true));
addEventListener("online", () => say("The connection is back.", true));

// Earlier searches of this visit stay on the page, folded; each is asked again where it is opened.

const TRAIL = 8;

function remember() {
  const trail = JSON.parse(sessionStorage.getItem("trail") || "[]");
  const batch = document.querySelector("main .batch");
  const here = location.pathname + location.search;
  const earlier = trail.filter((entry) => entry.address !== here);
  if (batch) {
    const heading = batch.querySelector("h1").textContent;
    const total = batch.querySelector(".total").textContent;
    const now = [{ address: here, heading, total }, ...earlier].slice(0, TRAIL);
    sessionStorage.setItem("trail", JSON.stringify(now));
  }
  const place = document.getElementById("trail");
  if (!place || !earlier.length) return;
  place.hidden = false;
  place.append(...earlier.slice(0, TRAIL - 1).map(folded));
}

function folded({ address, heading, total }) {
  const batch = Object.assign(document.createElement("details"), { className: "batch" });
  const summary = document.createElement("summary");
  const title = Object.assign(document.createElement("h3"), { textContent: heading, dir: "auto" });
  summary.append(title, " ", Object.assign(document.createElement("span"), { className: "total", textContent: total }));
  batch.append(summary);
  batch.addEventListener("toggle", () => {
    if (batch.open && batch.lastChild === summary) busy(batch, () => unfold(batch, address));
  });
  return batch;
}

async function unfold(batch, address) {
  const found = await page(address);
  all(".wall [id], .sheet [id]", found).forEach((card) => card.removeAttribute("id"));
  const open = Object.assign(document.createElement("a"), { href: address, textContent: "Open this search" });
  const line = Object.assign(document.createElement("p"), { className: "small" });
  line.append(open);
  batch.append(line, ...all("main .batch :is(.note, .wall, .sheet, .pages)", found));
}

// A picture that is missing leaves its description in a pale frame.
const lose = (image) => image.closest?.(".frame")?.classList.add("lost");
document.addEventListener("error", (event) => lose(event.target), true);
all(".frame img").filter((image) => image.complete && !image.naturalWidth).forEach(lose);

showPicture();
remember();
